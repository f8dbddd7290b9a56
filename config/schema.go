package config

import (
	"encoding"
	"encoding/json"
	"reflect"
	"slices"

	"github.com/BurntSushi/toml"

	"github.com/keyguard/keyguard/allow"
	"github.com/keyguard/keyguard/patterns"
)

// Schema returns the JSON Schema (draft 2020-12) of the file, for completion and
// validation in editors. It is generated from the types in file.go.
func Schema() ([]byte, error) {
	s := schemaOf(reflect.TypeFor[File]())
	s["$schema"] = "https://json-schema.org/draft/2020-12/schema"
	s["title"] = Name
	entry := s["properties"].(schema)["allow"].(schema)["items"].(schema)
	entry["required"] = []string{"reason"}
	s["properties"].(schema)["rule"].(schema)["items"].(schema)["required"] = []string{"id", "regex"}
	data, err := json.MarshalIndent(s, "", "  ")
	return append(data, '\n'), err
}

type schema map[string]any

func schemaOf(t reflect.Type) schema {
	if s := specialSchema(t); s != nil {
		return s
	}
	switch t.Kind() {
	case reflect.Pointer:
		return schemaOf(t.Elem())
	case reflect.Slice:
		return schema{"type": "array", "items": schemaOf(t.Elem())}
	case reflect.Map:
		return schema{"type": "object", "additionalProperties": schemaOf(t.Elem())}
	case reflect.Struct:
		properties := make(schema)
		for i := range t.NumField() {
			field := t.Field(i)
			key := field.Tag.Get("toml")
			if key == "" {
				continue
			}
			s := schemaOf(field.Type)
			if doc := field.Tag.Get("doc"); doc != "" {
				s["description"] = doc
			}
			properties[key] = s
		}
		return schema{"type": "object", "properties": properties, "additionalProperties": false}
	case reflect.Int, reflect.Int64:
		return schema{"type": "integer", "minimum": 0}
	case reflect.Float64:
		return schema{"type": "number"}
	case reflect.Bool:
		return schema{"type": "boolean"}
	}
	return schema{"type": "string"}
}

// specialSchema returns the schema of a type that decodes itself, or nil.
func specialSchema(t reflect.Type) schema {
	switch t {
	case reflect.TypeFor[Files]():
		text := schema{"type": "string"}
		return schema{"oneOf": []any{text, schema{"type": "array", "items": text}}}
	case reflect.TypeFor[Date]():
		return schema{"type": "string", "format": "date"}
	case reflect.TypeFor[Size]():
		return schema{"oneOf": []any{schema{"type": "integer", "minimum": 0}, schema{"type": "string", "pattern": "^[0-9.]+ *([kKMG]?B|[KMG]iB)?$"}}}
	case reflect.TypeFor[patterns.Severity]():
		var names []string
		for s := patterns.Low; s <= patterns.Critical; s++ {
			names = append(names, s.String())
		}
		return schema{"enum": names}
	case reflect.TypeFor[patterns.Encoding]():
		return schema{"enum": patterns.Encodings()}
	case reflect.TypeFor[patterns.Confidence]():
		return schema{"enum": []patterns.Confidence{patterns.Unsure, patterns.Likely, patterns.Sure}}
	case reflect.TypeFor[patterns.Kind]():
		return schema{"enum": patterns.Kinds()}
	case reflect.TypeFor[allow.Target]():
		return schema{"enum": []allow.Target{allow.OnSecret, allow.OnMatch, allow.OnLine, allow.OnPath}}
	}
	interfaces := []reflect.Type{reflect.TypeFor[encoding.TextUnmarshaler](), reflect.TypeFor[toml.Unmarshaler]()}
	if slices.ContainsFunc(interfaces, reflect.PointerTo(t).Implements) {
		return schema{"type": "string"}
	}
	return nil
}
