package main

// Label and field selectors.

import (
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/fields"
	"k8s.io/apimachinery/pkg/labels"
)

func labelMatches(selector labels.Selector, sets []map[string]string) []bool {
	matches := make([]bool, 0, len(sets))
	for _, set := range sets {
		matches = append(matches, selector.Matches(labels.Set(set)))
	}
	return matches
}

func parseLabelSelector(request struct {
	Text   string              `json:"text"`
	Labels []map[string]string `json:"labels"`
}) (any, error) {
	selector, err := labels.Parse(request.Text)
	if err != nil {
		return nil, err
	}
	return map[string]any{
		"canonical": selector.String(),
		"matches":   labelMatches(selector, request.Labels),
	}, nil
}

func evaluateLabelSelectorObject(request struct {
	Selector *metav1.LabelSelector `json:"selector"`
	Labels   []map[string]string   `json:"labels"`
}) (any, error) {
	selector, err := metav1.LabelSelectorAsSelector(request.Selector)
	if err != nil {
		return nil, err
	}
	return map[string]any{
		"canonical": selector.String(),
		"matches":   labelMatches(selector, request.Labels),
	}, nil
}

func parseFieldSelector(request struct {
	Text   string              `json:"text"`
	Fields []map[string]string `json:"fields"`
}) (any, error) {
	selector, err := fields.ParseSelector(request.Text)
	if err != nil {
		return nil, err
	}
	matches := make([]bool, 0, len(request.Fields))
	for _, set := range request.Fields {
		matches = append(matches, selector.Matches(fields.Set(set)))
	}
	return map[string]any{"canonical": selector.String(), "matches": matches}, nil
}
