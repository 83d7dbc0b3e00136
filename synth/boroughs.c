/* synth/boroughs.c — the facts: names, codes, rough places and sizes of the 32 boroughs.
 *
 * Names and codes: ONS, register of geographic codes. Places: read off a map to half a kilometre.
 * Sizes: residents to the nearest 10,000. Numbers of wards are synthetic but for Havering's.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "synth/boroughs.h"

const struct borough borough_facts[BOROUGHS] = {
    {"E09000002", "Barking and Dagenham", 548.0, 185.5, 220, 17, 19, true, 0, 0},
    {"E09000003", "Barnet", 523.5, 192.0, 390, 21, 24, true, 0, 0},
    {"E09000004", "Bexley", 549.5, 175.5, 250, 17, 17, false, 0, 0},
    {"E09000005", "Brent", 519.5, 186.0, 340, 21, 22, true, 0, 0},
    {"E09000006", "Bromley", 542.0, 166.0, 330, 22, 22, true, 0, 0},
    {"E09000007", "Camden", 527.5, 184.5, 210, 18, 20, true, 0, 0},
    {"E09000008", "Croydon", 533.5, 164.0, 390, 28, 28, false, 0, 0},
    {"E09000009", "Ealing", 515.5, 181.5, 370, 23, 24, true, 0, 0},
    {"E09000010", "Enfield", 532.5, 196.0, 330, 21, 25, true, 0, 0},
    {"E09000011", "Greenwich", 542.5, 176.5, 290, 17, 23, true, 0, 0},
    {"E09000012", "Hackney", 534.5, 185.5, 260, 21, 21, false, 0, 0},
    {"E09000013", "Hammersmith and Fulham", 523.5, 178.0, 180, 16, 21, true, 0, 0},
    {"E09000014", "Haringey", 531.0, 189.5, 260, 19, 21, true, 0, 0},
    {"E09000015", "Harrow", 514.0, 189.0, 260, 21, 22, true, 0, 0},
    {"E09000016", "Havering", 554.0, 188.0, 260, 18, 20, true, 0, 0},
    {"E09000017", "Hillingdon", 507.5, 184.5, 310, 22, 21, true, 0, 0},
    {"E09000018", "Hounslow", 513.0, 175.5, 290, 20, 22, true, 0, 0},
    {"E09000019", "Islington", 531.2, 185.0, 220, 16, 17, true, 0, 0},
    {"E09000020", "Kensington and Chelsea", 525.3, 179.5, 170, 18, 18, false, 0, 0},
    {"E09000021", "Kingston upon Thames", 519.5, 167.5, 170, 16, 19, true, 0, 0},
    {"E09000022", "Lambeth", 531.0, 175.0, 320, 21, 25, true, 0, 0},
    {"E09000023", "Lewisham", 537.5, 174.0, 300, 18, 19, true, 0, 0},
    {"E09000024", "Merton", 525.5, 169.5, 220, 20, 20, true, 0, 0},
    {"E09000025", "Newham", 540.5, 183.5, 350, 20, 24, true, 0, 0},
    {"E09000026", "Redbridge", 543.5, 189.0, 310, 22, 22, false, 0, 0},
    {"E09000027", "Richmond upon Thames", 517.0, 173.0, 200, 18, 18, false, 0, 0},
    {"E09000028", "Southwark", 533.5, 176.5, 310, 23, 23, false, 0, 0},
    {"E09000029", "Sutton", 526.5, 164.5, 210, 18, 20, true, 0, 0},
    {"E09000030", "Tower Hamlets", 536.5, 181.5, 310, 20, 20, false, 0, 0},
    {"E09000031", "Waltham Forest", 537.5, 190.0, 280, 20, 22, true, 0, 0},
    {"E09000032", "Wandsworth", 526.5, 174.0, 330, 20, 22, true, 0, 0},
    {"E09000033", "Westminster", 528.0, 180.5, 200, 20, 18, true, 0, 0},
};
