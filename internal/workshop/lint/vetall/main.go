// Command vetall is go vet's own analyzers together with errorlint, so that one pass runs both:
//
//	go vet -vettool=$(go -C internal/workshop/lint tool -n vetall) ./...
package main

import (
	"codeberg.org/polyfloyd/go-errorlint/errorlint"
	"golang.org/x/tools/go/analysis/suite/vet"
	"golang.org/x/tools/go/analysis/unitchecker"
)

func main() {
	unitchecker.Main(append(vet.Suite, errorlint.NewAnalyzer())...)
}
