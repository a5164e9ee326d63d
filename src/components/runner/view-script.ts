/**
 * Run by sh, as root of new namespaces: builds a root folder that holds what a runner needs, read-only, and
 * starts the given command in it without rights. Arguments: the new root; the private temporary folder; the
 * uid and gid to take, or `-` to stay; then `KIND SOURCE PATH` for everything to show, `--`, the command.
 */
export const VIEW_SCRIPT = `set -e
PATH=/usr/sbin:/usr/bin:/sbin:/bin
root=$1 tmp=$2 uid=$3
shift 3
ulimit -c 0
mount -t tmpfs -o size=1m,mode=755,nosuid,nodev tmpfs "$root"
cd "$root"
mkdir proc dev tmp old
mount -t proc -o nosuid,nodev,noexec proc proc
for name in null zero full random urandom; do
  : > "dev/$name"
  mount --bind "/dev/$name" "dev/$name"
done
mount --bind "$tmp" tmp
: > setpriv
mount --bind -o ro "$(command -v setpriv)" setpriv
while [ "$1" != -- ]; do
  kind=$1 source=$2 target=$root$3
  shift 3
  if [ "$kind" = link ]; then
    ln -s "$source" "$target"
    continue
  fi
  if [ "$kind" = folder ]; then
    mkdir -p "$target"
  else
    mkdir -p "\${target%/*}"
    : > "$target"
  fi
  mount --bind -o ro,nosuid "$source" "$target"
done
shift
mount -o remount,bind,ro,nosuid,nodev "$root"
umount=/old$(command -v umount)
pivot_root . old
"$umount" -l /old
cd /tmp
unset PWD OLDPWD
user=
[ "$uid" = - ] || user="--reuid $uid --regid $uid --clear-groups"
exec /setpriv $user --no-new-privs --bounding-set=-all --inh-caps=-all --pdeathsig KILL "$@"
`;
