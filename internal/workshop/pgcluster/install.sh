# Installs PostgreSQL with apt-get, as root, without the cluster "main" that the
# Debian package otherwise creates and starts: it would take port 5432 of a
# machine whose owner wanted a demo.
#
# postgresql-common looks for create_main_cluster in createcluster.conf when a
# server package is configured for the first time. So the setting is there while
# the package is installed, and afterwards the file is what it was, or what the
# package would have put there.
set -eu
conf=/etc/postgresql-common/createcluster.conf
packaged=/usr/share/postgresql-common/createcluster.conf
saved=$(mktemp)
had=no
if [ -e "$conf" ]; then
	had=yes
	cp -p "$conf" "$saved"
fi
restore() {
	if [ "$had" = yes ]; then
		cp -p "$saved" "$conf"
	elif [ -e "$packaged" ]; then
		cp "$packaged" "$conf"
		rm -f "$conf.ucf-dist"
	else
		rm -f "$conf"
		rmdir "${conf%/*}" 2>/dev/null || true
	fi
	rm -f "$saved"
}
trap restore EXIT
trap 'exit 1' HUP INT TERM
mkdir -p "${conf%/*}"
echo 'create_main_cluster = false' >>"$conf"

# UCF_FORCE_CONFFOLD: keep the file above when the package brings its own.
export DEBIAN_FRONTEND=noninteractive UCF_FORCE_CONFFOLD=1
# The lists on the machine may do when the network does not.
apt-get -q update || true
apt-get -q -y --no-install-recommends -o DPkg::Lock::Timeout=300 install postgresql
