package main

// Quantities, durations and versions.

import (
	"time"

	"github.com/Masterminds/semver/v3"
	"k8s.io/apimachinery/pkg/api/resource"
)

type text struct {
	Text string `json:"text"`
}

type pair struct {
	A string `json:"a"`
	B string `json:"b"`
}

func parseQuantity(request text) (any, error) {
	quantity, err := resource.ParseQuantity(request.Text)
	if err != nil {
		return nil, err
	}
	copied := quantity.DeepCopy()
	return map[string]any{
		"canonical": quantity.String(),
		"format":    string(quantity.Format),
		"value":     quantity.Value(),
		"milli":     quantity.MilliValue(),
		"decimal":   copied.AsDec().String(),
		"float":     quantity.AsApproximateFloat64(),
		"sign":      quantity.Sign(),
	}, nil
}

func (p pair) quantities() (a, b resource.Quantity, err error) {
	if a, err = resource.ParseQuantity(p.A); err != nil {
		return
	}
	b, err = resource.ParseQuantity(p.B)
	return
}

func compareQuantities(request pair) (any, error) {
	a, b, err := request.quantities()
	if err != nil {
		return nil, err
	}
	return a.Cmp(b), nil
}

func addQuantities(request pair) (any, error) {
	a, b, err := request.quantities()
	if err != nil {
		return nil, err
	}
	a.Add(b)
	return a.String(), nil
}

func subtractQuantities(request pair) (any, error) {
	a, b, err := request.quantities()
	if err != nil {
		return nil, err
	}
	a.Sub(b)
	return a.String(), nil
}

func parseDuration(request text) (any, error) {
	duration, err := time.ParseDuration(request.Text)
	if err != nil {
		return nil, err
	}
	return map[string]any{"canonical": duration.String(), "nanoseconds": duration.Nanoseconds()}, nil
}

func parseSemver(request text) (any, error) {
	version, err := semver.NewVersion(request.Text)
	if err != nil {
		return nil, err
	}
	_, strictErr := semver.StrictNewVersion(request.Text)
	return map[string]any{
		"version":    version.String(),
		"major":      version.Major(),
		"minor":      version.Minor(),
		"patch":      version.Patch(),
		"prerelease": version.Prerelease(),
		"metadata":   version.Metadata(),
		"strict":     strictErr == nil,
	}, nil
}

func compareSemver(request pair) (any, error) {
	a, err := semver.NewVersion(request.A)
	if err != nil {
		return nil, err
	}
	b, err := semver.NewVersion(request.B)
	if err != nil {
		return nil, err
	}
	return a.Compare(b), nil
}

// checkSemverConstraint answers one bool a version; a version that does not parse is false.
func checkSemverConstraint(request struct {
	Constraint        string   `json:"constraint"`
	Versions          []string `json:"versions"`
	IncludePrerelease bool     `json:"includePrerelease"`
}) (any, error) {
	constraint, err := semver.NewConstraint(request.Constraint)
	if err != nil {
		return nil, err
	}
	constraint.IncludePrerelease = request.IncludePrerelease
	matches := make([]bool, 0, len(request.Versions))
	for _, candidate := range request.Versions {
		version, err := semver.NewVersion(candidate)
		matches = append(matches, err == nil && constraint.Check(version))
	}
	return matches, nil
}
