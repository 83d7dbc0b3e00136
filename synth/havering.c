/* synth/havering.c — names and codes of Havering's wards before and since May 2022.
 *
 * Source: Office for National Statistics, ward look-ups of 2021 and 2024 (Open Government Licence
 * v3.0). Their shapes in the synthetic London are schematic and have nothing to do with the real.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "synth/havering.h"

const struct ward_fact havering_wards_2018[HAVERING_WARDS_2018] = {
    {"E05000306", "Brooklands"},
    {"E05000307", "Cranham"},
    {"E05000308", "Elm Park"},
    {"E05000309", "Emerson Park"},
    {"E05000310", "Gooshays"},
    {"E05000311", "Hacton"},
    {"E05000312", "Harold Wood"},
    {"E05000313", "Havering Park"},
    {"E05000314", "Heaton"},
    {"E05000315", "Hylands"},
    {"E05000316", "Mawneys"},
    {"E05000317", "Pettits"},
    {"E05000318", "Rainham and Wennington"},
    {"E05000319", "Romford Town"},
    {"E05000320", "St Andrew's"},
    {"E05000321", "South Hornchurch"},
    {"E05000322", "Squirrel's Heath"},
    {"E05000323", "Upminster"},
};

const struct ward_fact havering_wards_2022[HAVERING_WARDS_2022] = {
    {"E05013967", "Beam Park"},
    {"E05013968", "Cranham"},
    {"E05013969", "Elm Park"},
    {"E05013970", "Emerson Park"},
    {"E05013971", "Gooshays"},
    {"E05013972", "Hacton"},
    {"E05013973", "Harold Wood"},
    {"E05013974", "Havering-atte-Bower"},
    {"E05013975", "Heaton"},
    {"E05013976", "Hylands & Harrow Lodge"},
    {"E05013977", "Marshalls & Rise Park"},
    {"E05013978", "Mawneys"},
    {"E05013979", "Rainham & Wennington"},
    {"E05013980", "Rush Green & Crowlands"},
    {"E05013981", "St Alban's"},
    {"E05013982", "St Andrew's"},
    {"E05013983", "St Edward's"},
    {"E05013984", "South Hornchurch"},
    {"E05013985", "Squirrels Heath"},
    {"E05013986", "Upminster"},
};
