#!/bin/sh
# Makes the repository of a team, as it stands before allowlist-sync comes: work/infra.git, with one commit on main.
set -eu
cd "$(dirname "$0")"
rm -rf work state
mkdir -p work/server
git init --quiet --bare --initial-branch=main work/infra.git
git clone --quiet work/infra.git work/mine 2>/dev/null
cp -R infra/. work/mine/
git -C work/mine add --all
git -C work/mine -c user.name=You -c user.email=you@localhost commit --quiet --message "Rules of the web servers"
git -C work/mine push --quiet origin HEAD:main
echo "work/infra.git is there; your clone of it is work/mine"
