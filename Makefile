# Shortcuts; the two commands of README.md need none of them.
.PHONY: build test goldens ci full

build:
	go build -o xmppscope ./cmd/xmppscope

test:
	go test ./...

# Write the expected outputs and the generated tables of README.md anew; read the difference before committing it.
goldens:
	go test ./inspector/export ./cmd/xmppscope -update

ci:
	.ci/run

full:
	.ci/run full
