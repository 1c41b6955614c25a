#!/usr/bin/env bash
# Makes this machine a kiosk for good: `sudo deploy/install.sh kiosk` (hall and screen), `… hall` (the hall alone) or
# `… district` (where halls post to). Says what it does, can be run again after an update, and never touches an existing
# /etc/hall-kiosk/hall.toml or district.toml.
set -euo pipefail
here=$(cd "$(dirname "$0")/.." && pwd)
kind=${1:-}
case $kind in kiosk | hall | district) ;; *) echo "usage: sudo deploy/install.sh kiosk|hall|district" >&2; exit 2 ;; esac
if [ "$(id -u)" != 0 ]; then echo "install: this needs root: sudo deploy/install.sh $kind" >&2; exit 1; fi
case $here in
    /root | /root/* | /home | /home/*)
        echo "install: $here belongs to a person, and the service's user cannot read it." >&2
        echo "Put the checkout elsewhere, e.g. /opt/hall-kiosk." >&2
        exit 1 ;;
esac

echo "1. what the product needs"
"$here/deploy/setup.sh" run
if [ "$kind" = kiosk ] && ! command -v xinit >/dev/null; then
    DEBIAN_FRONTEND=noninteractive apt-get -qq install --yes --no-install-recommends \
        xserver-xorg-core xserver-xorg-input-libinput xserver-xorg-legacy xinit x11-xserver-utils >/dev/null
fi

if [ "$kind" = district ]; then toml=district.toml data=/var/lib/hall-kiosk-district; else toml=hall.toml data=/var/lib/hall-kiosk; fi
echo "2. user hall-kiosk, folders /etc/hall-kiosk and $data"
if ! id hall-kiosk >/dev/null 2>&1; then
    useradd --system --user-group --home-dir /var/lib/hall-kiosk --shell /usr/sbin/nologin hall-kiosk
fi
install -d -m 0755 /etc/hall-kiosk
install -d -m 0700 -o hall-kiosk -g hall-kiosk "$data"
# What set-up made for writing lies in the cache of whoever ran it; the service has a cache of its own.
writing=${XDG_CACHE_HOME:-~/.cache}/hall-kiosk/writing
if [ "$kind" != district ] && [ -d "$writing" ]; then
    install -d -m 0755 -o hall-kiosk -g hall-kiosk "$data"/.cache{,/hall-kiosk,/hall-kiosk/writing}
    install -m 0644 -o hall-kiosk -g hall-kiosk "$writing"/* "$data/.cache/hall-kiosk/writing/"
fi
if [ ! -e "/etc/hall-kiosk/$toml" ]; then
    # It may hold a secret (an upstream's), so only the service reads it.
    install -m 0640 -o root -g hall-kiosk "$here/assets/demo/$toml" "/etc/hall-kiosk/$toml"
    echo "   /etc/hall-kiosk/$toml is the demo's: make it yours"
fi

echo "3. services"
case $kind in
    kiosk) units=(hall-kiosk-hall.service hall-kiosk.service) ;;
    *) units=("hall-kiosk-$kind.service") ;;
esac
for unit in "${units[@]}"; do
    sed "s|@HERE@|$here|g" "$here/deploy/systemd/$unit" >"/etc/systemd/system/$unit"
done
if [ "$kind" = kiosk ]; then
    install -D -m 0644 "$here/deploy/xorg/10-hall-kiosk.conf" /etc/X11/xorg.conf.d/10-hall-kiosk.conf
fi
if [ -d /run/systemd/system ]; then systemctl daemon-reload; fi
systemctl enable "${units[@]}"
echo "done. Start: systemctl start ${units[*]}    Watch: journalctl -fu ${units[-1]}"
