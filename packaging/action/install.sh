# Verifies the checksum and the attestation of a release of keyguard and adds it to the
# runner's PATH. Variables: VERSION (may be empty), ACTION_REF, GH_TOKEN, and those of the
# runner. Compatible with bash 3.2 of macOS.
set -euo pipefail

readonly repository=keyguard/keyguard

fail() { # MESSAGE HINT
  echo "::error title=keyguard::$1"
  echo "keyguard: hint: $2" >&2
  exit 2
}

# release prints the version to install: VERSION, or the version tag of the commit that
# the action's ref points to. The ref is a version tag, a moving tag or a commit.
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

# archive prints the suffix of the runner's archive: its name after the version.
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

sha256() { # verifies files against the list on standard input
  if command -v sha256sum >/dev/null; then
    sha256sum -c -
  else
    shasum -a 256 -c -
  fi
}

command -v gh >/dev/null ||
  fail "the gh program, which downloads and verifies a release, is not installed" "install it on this runner: https://cli.github.com"
suffix=$(archive) ||
  fail "no release supports $RUNNER_OS on $RUNNER_ARCH" "use a runner with Linux, macOS or Windows on X64 or ARM64"
version=$(release)
case $version in
[0-9]*.[0-9]*.[0-9]*) ;;
*) fail "no release belongs to the action's ref '$ACTION_REF'" "use the action at a version tag or its commit, or set the input version" ;;
esac
case $version in
*[!0-9A-Za-z.-]*) fail "the input version is not a version" "set it to a release, such as 0.1.0" ;;
esac

file=keyguard_${version}_$suffix
cd "$RUNNER_TEMP"
rm -rf keyguard-download keyguard-bin
mkdir keyguard-download keyguard-bin
cd keyguard-download
gh release download "v$version" --repo "$repository" --pattern "$file" --pattern checksums.txt ||
  fail "cannot download release v$version" "check that it exists: https://github.com/$repository/releases"
awk -v file="$file" '$2 == file' checksums.txt >checksum.txt
[ -s checksum.txt ] && sha256 <checksum.txt ||
  fail "$file does not match checksums.txt" "do not use it, and please report this: https://github.com/$repository/security"
gh attestation verify "$file" --repo "$repository" --signer-workflow "$repository/.github/workflows/release.yml" ||
  fail "$file was not built by keyguard's release workflow, or its attestation could not be verified" "do not use it; if GitHub is reachable, please report this: https://github.com/$repository/security"

case $file in
*.zip) unzip -q "$file" -d ../keyguard-bin ;;
*) tar -xzf "$file" -C ../keyguard-bin ;;
esac
cd ../keyguard-bin
[ "$(./keyguard --version)" = "keyguard $version" ] ||
  fail "$file contains another version" "please report this: https://github.com/$repository/security"
if command -v cygpath >/dev/null; then
  cygpath -w "$PWD" >>"$GITHUB_PATH"
else
  echo "$PWD" >>"$GITHUB_PATH"
fi
