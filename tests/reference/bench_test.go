package main

import (
	"bytes"
	"encoding/json"
	"os"
	"testing"

	"k8s.io/api/apps/v1"
	"k8s.io/apimachinery/pkg/util/strategicpatch"
	"sigs.k8s.io/yaml"
)

// The peers of ./run bench, on the same texts: PLUMB_BENCH_CORPORA names the folder that
// `plumb_bench corpora` wrote.

func corpus(b *testing.B, name string) []byte {
	dir := os.Getenv("PLUMB_BENCH_CORPORA")
	if dir == "" {
		b.Skip("PLUMB_BENCH_CORPORA is not set")
	}
	text, err := os.ReadFile(dir + "/" + name)
	if err != nil {
		b.Fatal(err)
	}
	b.SetBytes(int64(len(text)))
	return text
}

func documents(text []byte) [][]byte {
	return bytes.Split(bytes.TrimPrefix(text, []byte("---\n")), []byte("\n---\n"))
}

func BenchmarkYAMLParse(b *testing.B) {
	for _, name := range []string{"deployments", "definition", "config_maps"} {
		b.Run(name, func(b *testing.B) {
			all := documents(corpus(b, name+".yaml"))
			for b.Loop() {
				for _, document := range all {
					var value map[string]any
					if err := yaml.Unmarshal(document, &value); err != nil {
						b.Fatal(err)
					}
				}
			}
		})
	}
}

func BenchmarkYAMLEmit(b *testing.B) {
	for _, name := range []string{"deployments", "definition", "config_maps"} {
		b.Run(name, func(b *testing.B) {
			var values []any
			for _, document := range documents(corpus(b, name+".yaml")) {
				var value any
				if err := yaml.Unmarshal(document, &value); err != nil {
					b.Fatal(err)
				}
				values = append(values, value)
			}
			for b.Loop() {
				for _, value := range values {
					if _, err := yaml.Marshal(value); err != nil {
						b.Fatal(err)
					}
				}
			}
		})
	}
}

func BenchmarkJSONParse(b *testing.B) {
	text := corpus(b, "deployments.json")
	for b.Loop() {
		var value any
		if err := json.Unmarshal(text, &value); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkJSONEmit(b *testing.B) {
	var value any
	if err := json.Unmarshal(corpus(b, "deployments.json"), &value); err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		if _, err := json.Marshal(value); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkStrategicMerge(b *testing.B) {
	var original, patch map[string]any
	for name, target := range map[string]*map[string]any{
		"merge_original.json": &original, "merge_patch.json": &patch} {
		if err := json.Unmarshal(corpus(b, name), target); err != nil {
			b.Fatal(err)
		}
	}
	schema, err := strategicpatch.NewPatchMetaFromStruct(v1.Deployment{})
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		if _, err := strategicpatch.StrategicMergeMapPatchUsingLookupPatchMeta(original, patch, schema); err != nil {
			b.Fatal(err)
		}
	}
}
