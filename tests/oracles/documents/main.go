// The oracle for documents: runs the Kubernetes API server's own validation on a resource.
//
// It takes files with custom resource definitions as arguments, reads one YAML document as a JSON string from each
// line, and answers each with a JSON list of problems. It stores nothing and needs no cluster.
package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"

	"sigs.k8s.io/yaml"
)

func main() {
	if err := serve(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func serve(files []string) error {
	definitions := map[string]*definition{}
	for _, file := range files {
		loaded, err := load(file)
		if err != nil {
			return fmt.Errorf("%s: %w", file, err)
		}
		for kind, each := range loaded {
			definitions[kind] = each
		}
	}
	lines := bufio.NewScanner(os.Stdin)
	lines.Buffer(nil, 64<<20)
	output := bufio.NewWriter(os.Stdout)
	encoder := json.NewEncoder(output)
	for lines.Scan() {
		var document string
		if err := json.Unmarshal(lines.Bytes(), &document); err != nil {
			return fmt.Errorf("invalid JSON string in a line: %w", err)
		}
		if err := encoder.Encode(problems(document, definitions)); err != nil {
			return err
		}
	}
	if err := lines.Err(); err != nil {
		return err
	}
	return output.Flush()
}

// problems returns every reason for which the API server would reject the document.
func problems(document string, definitions map[string]*definition) []string {
	var object map[string]any
	if err := yaml.UnmarshalStrict([]byte(document), &object); err != nil {
		return []string{err.Error()}
	}
	version, kind := object["apiVersion"], object["kind"]
	definition, known := definitions[fmt.Sprintf("%v %v", version, kind)]
	if !known {
		return []string{fmt.Sprintf("there is no definition of %v %v", version, kind)}
	}
	// An empty list, which is not null in JSON, means that there are no problems.
	return append([]string{}, definition.problems(whole(object).(map[string]any))...)
}

// whole converts numbers without a fraction to integers, as the API server does.
func whole(value any) any {
	switch value := value.(type) {
	case map[string]any:
		for name, inner := range value {
			value[name] = whole(inner)
		}
	case []any:
		for position, inner := range value {
			value[position] = whole(inner)
		}
	case float64:
		if integer := int64(value); float64(integer) == value {
			return integer
		}
	}
	return value
}
