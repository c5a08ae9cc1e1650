# What a newcomer needs: make run, make test. The rest is for those who work on it.

GO       ?= go
CONFIG   ?=
GENERATED = graph/*.go graph/model/*.go internal/debt/codes_gen.go resolvers/*.go clients/cache/*.js

export CGO_ENABLED ?= 0

# The compiler collects its garbage more rarely: a quarter less time for twice the memory.
export GOFLAGS := $(shell $(GO) env GOFLAGS 2>/dev/null) '-toolexec=env GOGC=400'

# In a clone that git does not trust, such as another user's, go build stops at what git says.
ifneq ($(shell git rev-parse HEAD >/dev/null 2>&1 || echo no),)
export GOFLAGS += -buildvcs=false
endif

.NOTPARALLEL: # two of these would install packages, or build the programs, at once

.PHONY: help run build bin/oversikt bin/oversikt-demo generate lint sbom release test check fuzz soak clients bench clean need-go need-node current tests

help: ## List the targets
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  %-10s %s\n", $$1, $$2}'

run: build ## Start the demo; with CONFIG=file, serve the databases that the file names
ifeq ($(CONFIG),)
	@exec bin/oversikt-demo
else
	@exec bin/oversikt serve --config $(CONFIG)
endif

build: bin/oversikt bin/oversikt-demo ## Build bin/oversikt, and bin/oversikt-demo with all that surrounds it

need-go:
	@GO="$(GO)" scripts/need-go

need-node: # asked first, since the clients come last
	@scripts/need-node || { [ "$$CI" != true ] && echo "going on without them"; }

bin/oversikt bin/oversikt-demo: need-go # go build knows what has changed, embedded files too
	@$(GO) build -o $@ ./cmd/$(@F)

generate: need-go ## Generate graph/, clients/cache/, the lists of codes, docs/contract.md and docs/errors.md
	$(GO) run ./internal/workshop/generate
	$(GO) generate ./internal/agency/manual ./internal/agency/wrapper
	UPDATE_GOLDEN=1 $(GO) test ./internal/fault -run Golden -count=1
	$(GO) run ./internal/workshop/licences >docs/licences.md

# Linters and the like are a module of their own; go tool builds each once.
TOOLS = internal/workshop/lint

lint: need-go ## gofmt, go vet, staticcheck, errorlint, alarms, deploy/, known vulnerabilities
	@test -z "$$(gofmt -l bench cmd graph internal resolvers)" || { gofmt -l bench cmd graph internal resolvers; echo "run gofmt -w on these"; exit 1; }
	$(GO) vet -vettool=$$($(GO) -C $(TOOLS) tool -n vetall) ./...
	$(GO) tool staticcheck ./...
	$(GO) -C $(TOOLS) test -count=1 .
	@scripts/alarms
	@GO="$(GO)" scripts/vulnerabilities

sbom: build ## Write a bill of materials of bin/oversikt, and the licences of what it links
	$$($(GO) -C $(TOOLS) tool -n cyclonedx-gomod) bin -json -licenses -std -version "$$(git describe --tags --always 2>/dev/null)" -output bin/oversikt.cdx.json bin/oversikt
	$(GO) run ./internal/workshop/licences -texts >bin/LICENSES

release: need-go ## Take the schema as it is for released: breaking changes are told against it
	RELEASE_SCHEMA=1 $(GO) test ./internal/workshop/compat -run '^TestReleasedSchemaHolds$$' -count=1

test: need-go need-node current ## Everything that CI asks for
	@MAKE="$(MAKE)" scripts/beside "clients lint fuzz" "tests"

# One goroutine does the work of these packages: the race detector finds nothing there, in minutes.
SINGLE = /internal/(wayout/solver|agency/(check|contracttest|rehearse|scaffold|preview))$$

# The longest begin first, so that none of them runs on by itself at the end.
LONG = ./resolvers ./internal/act

# These ask for one thing after the other, for long: what may race there, others ask for at once.
# Whatever is named neither here nor above runs with the race detector.
ALONE = ^(TestSimulation.*|TestStoresAgree|TestNodeServesEveryType|TestEachFieldBringsWhatItNeeds|TestScheduleBringsWhatItNeeds|TestAccessMatrix|TestEndedSession|TestRefusedActs)$$

check: current tests ## Unit, property, integration and end-to-end tests, with the race detector

tests:
	CGO_ENABLED=1 $(GO) test -vet=off -race -skip '$(ALONE)' -timeout 30m $$($(GO) list $(LONG) ./... | grep -vE '$(SINGLE)')
	$(GO) test -vet=off $$($(GO) list ./... | grep -E '$(SINGLE)')
	$(GO) test -vet=off -run '$(ALONE)' ./internal/act ./resolvers

current: build # what is installed and written is there before anything else runs
	@scripts/need-gcc
	@before=$$(cat $(GENERATED) | sha256sum); \
	$(GO) run ./internal/workshop/generate || { echo "the generator failed: see above; nothing was tested"; exit 1; }; \
	test "$$before" = "$$(cat $(GENERATED) | sha256sum)" || \
		{ echo "generated code was not current: it is now, look at the change and commit it"; exit 1; }

fuzz: need-go ## Every parser of outside input against made-up input, for a minute with building
	@GO="$(GO)" SECONDS=30 scripts/fuzz

SECONDS ?= 300

soak: need-go ## Simulate acts for SECONDS (300): as many histories as fit
	$(GO) test ./internal/act -run '^TestSimulation$$' -v -timeout 0 -seconds $(SECONDS)

clients: build ## Real GraphQL clients and the conformance suite against bin/oversikt-demo (needs npm)
	@scripts/clients

# What these are, and how to read them: docs/benchmarks.md.
MEASURED = ./graph/model ./internal/act ./internal/portal/audit ./internal/debt ./internal/debt/genuine \
	./internal/caller/letterlogin ./internal/caller/token ./internal/server ./internal/caller/session ./internal/wayout/solver ./resolvers

bench: need-go ## Benchmarks, and the flagship query against a hand-written handler: 5 to 10 minutes
	@echo "1/3  the parts: time and memory of one operation each"
	@$(GO) test -run '^$$' -bench . -skip '^BenchmarkRead$$' -benchmem -benchtime 0.3s -timeout 10m $(MEASURED)
	@echo; echo "2/3  what authentication, authorization and the access log add to the flagship query"
	@$(GO) test -run '^$$' -bench Callers -count 3 -timeout 10m ./cmd/internal/service
	@echo; echo "3/3  the flagship query under load, against a handler written by hand for it"
	@$(GO) run ./bench -timeout 15m

clean: ## Remove the demo's data and what was built, unless the demo runs
	@[ ! -e .oversikt ] || $(GO) run ./cmd/oversikt-demo clean
	rm -rf bin
