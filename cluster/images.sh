# shellcheck shell=bash disable=SC2154
# Sourced: which images there are, and how they are made. Needs $root; to make them also what ./millrace has.

# Millrace's images. NAME is of one module, and is built into millrace/NAME:VERSION.
images=(operator producer enricher processor audit api)
base_image=${MILLRACE_BASE_IMAGE:-eclipse-temurin:25-jre}

module_of() {
  case $1 in
    operator) echo operator ;;
    *) echo "services/$1" ;;
  esac
}

# The archive of an image: archive_of producer
archive_of() {
  echo "$root/$(module_of "$1")/target/$1-image.tar"
}

# All images, made on this base, after the last change of what is in them.
images_are_built() {
  local name
  [ "$(cat "$MILLRACE_HOME/images.base" 2>/dev/null)" = "$base_image" ] || return 1
  for name in "${images[@]}"; do
    [ -f "$(archive_of "$name")" ] || return 1
    [ -z "$(find "$root/pom.xml" "$root"/services/*/pom.xml "$root"/services/*/src/main "$root"/services/api/dashboard \
      "$root/operator/pom.xml" "$root/operator/src/main" \( -name node_modules -o -name dist \) -prune \
      -o -type f -newer "$(archive_of "$name")" -print | head -n 1)" ] || return 1
  done
}

# images [--if-needed] [NAME...]
build_images() {
  local name modules='' begun=$MILLRACE_HOME/images.begun
  if [ "${1:-}" = --if-needed ]; then
    shift
    ! images_are_built || return 0
  fi
  for name in "$@"; do
    [[ " ${images[*]} " == *" $name "* ]] || fail "there is no image \"$name\"; there are: ${images[*]}"
  done
  [ $# -gt 0 ] || set -- "${images[@]}"
  for name in "$@"; do
    modules+=${modules:+,}$(module_of "$name")
  done
  case $base_image in
    tar://*) [ -r "${base_image#tar://}" ] || fail "MILLRACE_BASE_IMAGE names ${base_image#tar://}, which cannot be read." ;;
  esac
  touch "$begun"
  build_modules -pl "$modules" -am jib:buildTar "-Dimage.base=$base_image"
  for name in "$@"; do
    touch -r "$begun" "$(archive_of "$name")"
    echo "  $(archive_of "$name")"
  done
  echo "$base_image" >"$MILLRACE_HOME/images.base"
}
