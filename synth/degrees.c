/* synth/degrees.c — National Grid to WGS84.
 *
 * The program itself uses PROJ; the generator may use only base, and two metres do not matter to
 * invented points that keep further from their area's edge.
 * Source: Ordnance Survey, A guide to coordinate systems in Great Britain, annexes B, C and 6.6.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "synth/geography.h"

#include <math.h>

#define DEGREE (M_PI / 180)

struct ellipsoid {
    double a, b; /* metres */
};

static const struct ellipsoid airy = {6377563.396, 6356256.909};
static const struct ellipsoid wgs84 = {6378137.000, 6356752.3141};

static const double scale = 0.9996012717, latitude_0 = 49 * DEGREE, longitude_0 = -2 * DEGREE;
static const double east_0 = 400000, north_0 = -100000;

static double eccentricity2(struct ellipsoid e)
{
    return (e.a * e.a - e.b * e.b) / (e.a * e.a);
}

static double meridian_arc(double latitude)
{
    double n = (airy.a - airy.b) / (airy.a + airy.b), n2 = n * n, n3 = n2 * n;
    double d = latitude - latitude_0, s = latitude + latitude_0;
    return airy.b * scale *
           ((1 + n + 1.25 * n2 + 1.25 * n3) * d - (3 * n + 3 * n2 + 2.625 * n3) * sin(d) * cos(s) +
            (1.875 * n2 + 1.875 * n3) * sin(2 * d) * cos(2 * s) -
            35.0 / 24 * n3 * sin(3 * d) * cos(3 * s));
}

/* Radians on the Airy ellipsoid. */
static void from_grid(double east, double north, double *latitude, double *longitude)
{
    double phi = latitude_0, arc = 0;
    do {
        phi += (north - north_0 - arc) / (airy.a * scale);
        arc = meridian_arc(phi);
    } while (fabs(north - north_0 - arc) > 1e-5);
    double e2 = eccentricity2(airy), s = sin(phi), t = tan(phi), t2 = t * t, sec = 1 / cos(phi);
    double nu = airy.a * scale / sqrt(1 - e2 * s * s);
    double rho = airy.a * scale * (1 - e2) / pow(1 - e2 * s * s, 1.5);
    double eta2 = nu / rho - 1, d = (east - east_0) / nu, d2 = d * d;
    *latitude = phi - t * nu / (2 * rho) * d2 *
                          (1 - d2 / 12 * (5 + 3 * t2 + eta2 - 9 * t2 * eta2) +
                           d2 * d2 / 360 * (61 + 90 * t2 + 45 * t2 * t2));
    *longitude =
        longitude_0 +
        sec * d * (1 - d2 / 6 * (nu / rho + 2 * t2) + d2 * d2 / 120 * (5 + 28 * t2 + 24 * t2 * t2));
}

void geography_degrees(double east_m, double north_m, double *ret_longitude, double *ret_latitude)
{
    double phi, lambda;
    from_grid(east_m, north_m, &phi, &lambda);
    double nu = airy.a / sqrt(1 - eccentricity2(airy) * sin(phi) * sin(phi));
    double x = nu * cos(phi) * cos(lambda), y = nu * cos(phi) * sin(lambda);
    double z = (1 - eccentricity2(airy)) * nu * sin(phi);
    double second = DEGREE / 3600, s = 1 - 20.4894e-6;
    double rx = 0.1502 * second, ry = 0.2470 * second, rz = 0.8421 * second;
    double x2 = 446.448 + s * x - rz * y + ry * z;
    double y2 = -125.157 + rz * x + s * y - rx * z;
    double z2 = 542.060 - ry * x + rx * y + s * z;
    double p = sqrt(x2 * x2 + y2 * y2), e2 = eccentricity2(wgs84);
    double latitude = atan2(z2, p * (1 - e2));
    for (int step = 0; step < 6; step++) {
        double v = wgs84.a / sqrt(1 - e2 * sin(latitude) * sin(latitude));
        latitude = atan2(z2 + e2 * v * sin(latitude), p);
    }
    *ret_longitude = atan2(y2, x2) / DEGREE;
    *ret_latitude = latitude / DEGREE;
}
