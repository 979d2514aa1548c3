#!/bin/sh
# The first process of the lab's kernel. LAB_CHECKOUT and LAB_RESULTS (absolute paths of the machine) come from the
# kernel's command line.
export PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/ TERM=dumb LC_ALL=C
mount -t proc proc /proc
mount -t sysfs sysfs /sys
mount -t devtmpfs devtmpfs /dev
mount -t tmpfs -o mode=755 tmpfs /run
mkdir -p /run/netns /run/lab/results
# Mounted one by one, so that a program without privileges need not be able to enter the checkout and what is above it.
for part in build dist test; do
  mkdir -p /run/lab/checkout/$part
  mount --bind "$LAB_CHECKOUT/$part" /run/lab/checkout/$part
done
mount -t hostfs -o "$LAB_RESULTS" results /run/lab/results
cd /run/lab/results || exit 1
/run/lab/checkout/build/qjs -m scenario.js </dev/null 2>console.err
echo "{\"record\":\"exit\",\"at\":0,\"status\":$?}"
echo o >/proc/sysrq-trigger
sleep 60
