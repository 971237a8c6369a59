#!/bin/sh
# Installs the programs that tests compare us with where they are there: pbmtojbg and jbgtopbm.
# Debian and Ubuntu; elsewhere the tests say that they were skipped.
set -eu
as_root=''
if [ "$(id -u)" -ne 0 ]; then as_root=sudo; fi
$as_root apt-get update -qq
$as_root apt-get install -y --no-install-recommends jbigkit-bin
