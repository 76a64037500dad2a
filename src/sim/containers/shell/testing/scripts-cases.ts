/** Whole scripts, and what is none. */
export const scriptsCases: Readonly<Record<string, readonly string[]>> = {
  syntax: [
    `if true; then echo a`,
    `if true then echo a; fi`,
    `if; then echo a; fi`,
    `fi`,
    `done`,
    `echo a; then`,
    `for i in a b; echo $i; done`,
    `for in a; do :; done`,
    `while true; echo a; done`,
    `case a in a) echo b`,
    `case a a) ;; esac`,
    `{ echo a`,
    `{ echo a }`,
    `}`,
    `{echo a; }`,
    `echo "unterminated`,
    `echo 'unterminated`,
    `f( { :; }`,
    `f() `,
    `;`,
    `;;`,
    `echo a;; echo b`,
    `&& echo a`,
    `echo a &&`,
    `echo a && && echo b`,
    `echo a || ; echo b`,
    `& echo a`,
    `! `,
    `a=(1 2)`,
    `echo a > > b`,
    `echo < `,
    `if true; then fi`,
    `while :; do done`,
    `( )`,
    `echo a
if
echo b`,
    `echo one; echo "two`,
    `echo a & & echo b`,
    `echo a; ) echo b`,
    `elif true`,
    `do`,
    `in; echo $?`,
    `if true; then echo a; else fi`,
    `echo \${`,
    `echo $((1`,
    `echo line1
echo line2
)
echo line4`,
    `until`,
    `for x`,
    `for x do echo a; done`,
    `for x; do echo a; done; for x
do echo b; done; echo c`,
    `if true; then echo 1; fi fi`,
    `! ! false; echo $?`,
    `if ! true; then :; else echo e; fi`,
    `echo if then else fi do done`,
    `x=if; $x true; echo $?`,
    `{ { echo deep; }; }; ( ( echo deeper ) )`,
    `if if true; then false; fi; then echo a; else echo b; fi`,
    `while if [ "\${n:-0}" -lt 2 ]; then true; else false; fi; do n=$((\${n:-0}+1)); echo $n; done`,
    `nosuch1
nosuch2; echo $?
  nosuch3`,
    `f() {
  nosuch
}
f
eval 'nosuch
nosuch'`,
  ],
  'whole scripts': [
    `i=0
while true; do
  i=$((i+1))
  if [ $i -gt 3 ]; then
    echo "done after $i"
    break
  fi
  echo "attempt $i"
done`,
    `count=0
for f in a b c; do
  echo "$f" > "$f.txt"
  count=$((count+1))
done
echo "$count files"
for f in *.txt; do
  printf '%s: %s\\n' "$f" "$(cat "$f")"
done`,
    `log() { echo "[$1] $2"; }
die() { log ERROR "$*" >&2; exit 1; }
log INFO start
[ -f config ] || die "no config" here
log INFO never`,
    `set -eu
trap 'echo cleanup' EXIT
work=$(mktemp -d)
echo data > "$work/f"
wc -c < "$work/f"
rm -r "$work"
echo ok`,
    `usage() { echo "usage: \${0##*/} [-v] file"; }
verbose=0
set -- -v input
while [ $# -gt 0 ]; do
  case $1 in
    -v) verbose=1 ;;
    -h|--help) usage; exit 0 ;;
    --) shift; break ;;
    -*) usage >&2; exit 2 ;;
    *) break ;;
  esac
  shift
done
echo "verbose=$verbose file=\${1:-none}"`,
    `cat > app.conf <<EOF
[server]
port=8080
host=localhost
EOF
port=$(grep '^port=' app.conf | cut -d= -f2)
host=$(sed -n 's/^host=//p' app.conf)
echo "$host:$port"`,
    `retries=0
until [ "$retries" -ge 3 ] || false; do
  retries=$((retries + 1))
  echo "try $retries"
done
test "$retries" -eq 3 && echo gave up`,
    `printf '%s\\n' 3 1 2 | sort -n | while read -r n; do echo "n=$n"; done | paste -sd, -`,
    `a=10 b=3
echo "$a + $b = $((a + b))"
echo "$a / $b = $((a / b)) rest $((a % b))"
[ $((a % 2)) -eq 0 ] && echo even || echo odd`,
    `name=world
greet() {
  local who=\${1:-$name}
  echo "Hello, \${who}!"
}
greet
greet Bob
name=all greet`,
    `i=1
while [ $i -le 15 ]; do
  if [ $((i % 15)) -eq 0 ]; then echo FizzBuzz
  elif [ $((i % 5)) -eq 0 ]; then echo Buzz
  elif [ $((i % 3)) -eq 0 ]; then echo Fizz
  else echo $i
  fi
  i=$((i + 1))
done`,
    `for host in web-0 web-1 web-2; do
  n=\${host##*-}
  if [ "$n" -eq 0 ]; then role=primary; else role=replica; fi
  echo "$host: $role server-id=$((100 + n))"
done`,
    `[ "\${HOSTNAME_X:-web-2}" = web-2 ] || exit 1
ordinal=$(echo web-2 | sed 's/.*-//')
expr "$ordinal" : '[0-9]*$' > /dev/null || exit 1
echo server-id=$((100 + $ordinal)) > server-id.cnf
cat server-id.cnf`,
    `x="a,b,c"
old=$IFS
IFS=,
for part in $x; do echo "part: $part"; done
IFS=$old
echo "$x" | tr ',' '\\n' | nl -ba | sed 's/^ *//'`,
    `( echo 1; echo 2 >&2; exit 3 ) > out 2> err
status=$?
echo "status $status out $(cat out) err $(cat err)"`,
    `exec 3>&1
{ echo to log; echo to console >&3; } > log
exec 3>&-
echo "log: $(cat log)"`,
    `n=0
{
  while read -r line; do
    n=$((n + 1))
    [ -z "$line" ] && continue
    case $line in
      \\#*) continue ;;
      *=*) key=\${line%%=*}; value=\${line#*=}; echo "$key is $value" ;;
      *) echo "line $n: bad: $line" ;;
    esac
  done
} <<'END'
# comment
a=1

b=two words
oops
END
echo "$n"`,
  ],
}
