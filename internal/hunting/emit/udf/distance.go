package udf

import "math"

// The radius of the Earth, in metres, as KQL reckons with it: a sphere.
const earth = 6_371_010

func init() {
	add("geo_distance_2points", "rrrr", Real, func(a Args) any {
		d, ok := distance(a)
		if !ok {
			return nil
		}
		return d
	})
	add("geo_point_in_circle", "rrrrr", Bool, func(a Args) any {
		d, ok := distance(a)
		radius := a.R(4)
		if !ok || a.None(4) || !(radius > 0) || math.IsInf(radius, 0) {
			return nil
		}
		return d <= radius
	})
}

// distance is how far two places are from each other, of which longitudes come before latitudes; false where one is no place.
func distance(a Args) (metres float64, ok bool) {
	if a.None(0, 1, 2, 3) {
		return 0, false
	}
	for i, most := range []float64{180, 90, 180, 90} {
		if !(math.Abs(a.R(i)) <= most) { // no number is none, either
			return 0, false
		}
	}
	radians := func(degrees float64) float64 { return degrees * math.Pi / 180 }
	x, y := radians(a.R(1)), radians(a.R(3))
	north, east := math.Sin((y-x)/2), math.Sin(radians(a.R(2)-a.R(0))/2)
	return 2 * earth * math.Asin(math.Sqrt(min(1, north*north+math.Cos(x)*math.Cos(y)*east*east))), true
}
