// Command reference answers questions with the libraries that Kubernetes, kubectl and Helm are
// built of, so that Plumbline's own code is compared with the real thing. See README.md.
package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
)

// An operation answers one request: the whole line goes in, a JSON-encodable answer comes out.
type operation func(request []byte) (any, error)

// operations is every question that can be asked, by the name in the request's "op".
var operations = map[string]operation{
	"yaml_to_json":        on(yamlToJSON),
	"yaml_to_json_strict": on(yamlToJSONStrict),
	"json_to_yaml":        on(jsonToYAML),
	"yaml_v2_emit":        on(yamlV2Emit),
	"yaml_marshal":        on(yamlMarshal),
	"json_compact":        on(jsonCompact),

	"json_patch":          on(jsonPatch),
	"merge_patch":         on(mergePatch),
	"create_merge_patch":  on(createMergePatch),
	"strategic_merge":     on(strategicMerge),
	"strategic_two_way":   on(strategicTwoWay),
	"strategic_three_way": on(strategicThreeWay),

	"quantity":          on(parseQuantity),
	"quantity_cmp":      on(compareQuantities),
	"quantity_add":      on(addQuantities),
	"quantity_sub":      on(subtractQuantities),
	"duration":          on(parseDuration),
	"semver":            on(parseSemver),
	"semver_cmp":        on(compareSemver),
	"semver_constraint": on(checkSemverConstraint),

	"label_selector_parse":  on(parseLabelSelector),
	"label_selector_object": on(evaluateLabelSelectorObject),
	"field_selector_parse":  on(parseFieldSelector),

	"fields_v1":      on(recodeFields),
	"fields_set_op":  on(combineFields),
	"fields_of":      on(fieldsOf),
	"fields_compare": on(compareFields),
	"typed_merge":    on(typedMerge),
	"typed_extract":  on(typedExtract),
	"typed_remove":   on(typedRemove),
	"ssa":            on(serverSideApply),
}

// on makes an operation of a function over a decoded request. A member that the request type does
// not have is an error, so that a misspelt one is noticed.
func on[Request any](answer func(Request) (any, error)) operation {
	return func(line []byte) (any, error) {
		var members map[string]json.RawMessage
		if err := json.Unmarshal(line, &members); err != nil {
			return nil, err
		}
		delete(members, "op")
		rest, err := json.Marshal(members)
		if err != nil {
			return nil, err
		}
		decoder := json.NewDecoder(bytes.NewReader(rest))
		decoder.DisallowUnknownFields()
		var typed Request
		if err := decoder.Decode(&typed); err != nil {
			return nil, fmt.Errorf("request: %w", err)
		}
		return answer(typed)
	}
}

// reply answers one line. A panic in a library is reported as that question's error.
func reply(line []byte) (answer any, err error) {
	defer func() {
		if cause := recover(); cause != nil {
			answer, err = nil, fmt.Errorf("panic: %v", cause)
		}
	}()
	var request struct {
		Op string `json:"op"`
	}
	if err := json.Unmarshal(line, &request); err != nil {
		return nil, fmt.Errorf("the request is not JSON: %w", err)
	}
	ask, known := operations[request.Op]
	if !known {
		return nil, fmt.Errorf("no operation %q", request.Op)
	}
	return ask(line)
}

// encode makes one output line, without a newline and without HTML escapes.
func encode(answer any, failure error) []byte {
	var out bytes.Buffer
	encoder := json.NewEncoder(&out)
	encoder.SetEscapeHTML(false)
	var err error
	if failure != nil {
		err = encoder.Encode(map[string]string{"error": failure.Error()})
	} else {
		err = encoder.Encode(map[string]any{"ok": answer})
	}
	if err != nil {
		return encode(nil, fmt.Errorf("the answer can't be encoded: %w", err))
	}
	return bytes.TrimRight(out.Bytes(), "\n")
}

// serve answers until input ends, in order. Output is flushed whenever no further input is
// buffered, so a caller may ask in turn or send a whole file at once.
func serve(input io.Reader, output io.Writer) error {
	reader := bufio.NewReaderSize(input, 1<<20)
	writer := bufio.NewWriterSize(output, 1<<20)
	for {
		line, readErr := reader.ReadBytes('\n')
		if len(bytes.TrimSpace(line)) > 0 {
			if _, err := writer.Write(append(encode(reply(line)), '\n')); err != nil {
				return err
			}
		}
		if readErr != nil || reader.Buffered() == 0 {
			if err := writer.Flush(); err != nil {
				return err
			}
		}
		if errors.Is(readErr, io.EOF) {
			return nil
		}
		if readErr != nil {
			return readErr
		}
	}
}

func main() {
	if err := serve(os.Stdin, os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "reference:", err)
		os.Exit(1)
	}
}
