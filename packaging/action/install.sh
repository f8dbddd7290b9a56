# Puts a release of keyguard into the runner's PATH, once its checksum and its
# attestation are right. Variables: VERSION (may be empty), ACTION_REF, GH_TOKEN,
# and the runner's own. Works in the bash 3.2 of macOS.
set -euo pipefail

readonly repository=keyguard/keyguard

fail() { # WHAT HINT
  echo "::error title=keyguard::$1"
  echo "keyguard: hint: $2" >&2
  exit 2
}

# release prints the version to install: the one asked for, or the one that is
# tagged where the action's ref is, be that a tag, a moving tag, or a commit.
release() {
  local tags commit
  if [ -n "$VERSION" ]; then
    echo "${VERSION#v}"
    return
  fi
  case $ACTION_REF in
  v[0-9]*.[0-9]*.[0-9]*)
    echo "${ACTION_REF#v}"
    return
    ;;
  esac
  tags=$(gh api --paginate "repos/$repository/tags" --jq '.[] | .name + " " + .commit.sha')
  commit=$(awk -v ref="$ACTION_REF" '$1 == ref { print $2; exit }' <<<"$tags")
  awk -v commit="${commit:-$ACTION_REF}" '$2 == commit && $1 ~ /^v[0-9]+\.[0-9]+\.[0-9]+$/ { print substr($1, 2); exit }' <<<"$tags"
}

# archive prints the name of the runner's archive, without its version.
archive() {
  local os arch
  case $RUNNER_OS in
  Linux) os=linux ;;
  macOS) os=darwin ;;
  Windows) os=windows ;;
  *) return 1 ;;
  esac
  case $RUNNER_ARCH in
  X64) arch=amd64 ;;
  ARM64) arch=arm64 ;;
  *) return 1 ;;
  esac
  if [ "$os" = windows ]; then
    echo "${os}_$arch.zip"
  else
    echo "${os}_$arch.tar.gz"
  fi
}

sha256() { # checks files by a list on standard input
  if command -v sha256sum >/dev/null; then
    sha256sum -c -
  else
    shasum -a 256 -c -
  fi
}

command -v gh >/dev/null ||
  fail "the gh program is missing, by which a release is downloaded and verified" "install it on this runner: https://cli.github.com"
suffix=$(archive) ||
  fail "there is no release for $RUNNER_OS on $RUNNER_ARCH" "on Linux, macOS and Windows there is, for X64 and ARM64"
version=$(release)
case $version in
[0-9]*.[0-9]*.[0-9]*) ;;
*) fail "no release belongs to the action's ref '$ACTION_REF'" "use the action at a tag or its commit, or set the input version" ;;
esac
case $version in
*[!0-9A-Za-z.-]*) fail "the input version is no version" "such as 0.1.0" ;;
esac

file=keyguard_${version}_$suffix
cd "$RUNNER_TEMP"
rm -rf keyguard-download keyguard-bin
mkdir keyguard-download keyguard-bin
cd keyguard-download
gh release download "v$version" --repo "$repository" --pattern "$file" --pattern checksums.txt ||
  fail "release v$version was not downloaded" "see whether it is among https://github.com/$repository/releases"
awk -v file="$file" '$2 == file' checksums.txt >checksum.txt
[ -s checksum.txt ] && sha256 <checksum.txt ||
  fail "$file is not what checksums.txt says" "do not use it, and please report this: https://github.com/$repository/security"
gh attestation verify "$file" --repo "$repository" --signer-workflow "$repository/.github/workflows/release.yml" ||
  fail "$file was not built by keyguard's release workflow, or that could not be verified" "do not use it; if GitHub is reachable, please report this: https://github.com/$repository/security"

case $file in
*.zip) unzip -q "$file" -d ../keyguard-bin ;;
*) tar -xzf "$file" -C ../keyguard-bin ;;
esac
cd ../keyguard-bin
[ "$(./keyguard --version)" = "keyguard $version" ] ||
  fail "$file holds another version" "please report this: https://github.com/$repository/security"
if command -v cygpath >/dev/null; then
  cygpath -w "$PWD" >>"$GITHUB_PATH"
else
  echo "$PWD" >>"$GITHUB_PATH"
fi
