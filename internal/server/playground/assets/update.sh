#!/bin/sh
# Renews thirdparty/ from the npm registry and rewrites the table of checksums in README.md.
# Needs npm, tar and sha256sum. To move to another version, change it here, run the script, look at the page,
# and see whether LICENSES.txt still names everything that is bundled.
set -eu

here=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
: > "$work/rows"

# fetch PACKAGE VERSION, then pairs FILE-IN-THE-TARBALL NAME-HERE
fetch() {
	package=$1 version=$2
	shift 2
	tarball=$(cd "$work" && npm pack --silent "$package@$version")
	rm -rf "$work/package"
	tar -xzf "$work/$tarball" -C "$work" package
	while [ $# -gt 0 ]; do
		cp "$work/package/$1" "$here/thirdparty/$2"
		chmod 644 "$here/thirdparty/$2"
		sum=$(sha256sum "$here/thirdparty/$2" | cut -d ' ' -f 1)
		echo "| \`$2\` | $package $version, \`$1\` | \`$sum\` |" >> "$work/rows"
		shift 2
	done
}

mkdir -p "$here/thirdparty"
fetch react 18.2.0 umd/react.production.min.js react.min.js
fetch react-dom 18.2.0 umd/react-dom.production.min.js react-dom.min.js
fetch graphiql 4.1.2 graphiql.min.js graphiql.min.js graphiql.min.css graphiql.min.css
fetch @graphiql/plugin-explorer 4.0.6 dist/index.umd.js explorer.min.js dist/style.css explorer.css

awk -v rows="$work/rows" '
	/^<!-- checksums -->$/ { print; print ""; print "| File | From | SHA-256 |"; print "|---|---|---|"
		while ((getline row < rows) > 0) print row
		print ""; skipping = 1 }
	/^<!-- end of checksums -->$/ { skipping = 0 }
	!skipping { print }
' "$here/README.md" > "$work/README.md"
cp "$work/README.md" "$here/README.md"
