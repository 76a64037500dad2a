/** Scripts that the shells are held to: what dash and busybox's sh do with them. */
export const shellCases: Readonly<Record<string, readonly string[]>> = {
  'words and quotes': [
    `echo hello world`,
    `echo "a  b"   'c  d' e\\ f`,
    `echo a'b'"c"d`,
    `echo "it's" 'say "hi"'`,
    `echo "\\$HOME \\\`x\\\` \\\\ \\" \\n \\a"`,
    `echo 'a\\nb'`,
    `echo a\\
b`,
    `echo "a\\
b"`,
    `echo 'a
b'`,
    `echo \\# # comment`,
    `echo a#b c #d`,
    `# only a comment`,
    ``,
    `   `,
    `echo "" '' a`,
    `set -- "" ''; echo $#`,
    `x=; set -- $x "$x"; echo $#`,
    `echo ~ | grep -c /`,
    `HOME=/h; echo ~ ~/x "~" \\~ a~`,
    `HOME=/h; x=~/y:~/z; echo $x`,
    `echo $'a'`,
    `echo "\${x}" "\\\${x}"`,
    `x='a b'; echo $x "$x"`,
    `echo {a,b}`,
    `echo a;echo b; echo c`,
    `echo "a\`echo b\`c" \`echo "d e"\``,
    `echo \`echo \\\`echo nested\\\`\``,
    `echo "$(echo "a  b")" $(echo "a  b")`,
    `echo "$(echo ")")"`,
    `printf '<%s>' "$(printf 'a\\n\\n\\n')"; echo`,
    `echo é "ü" 日本`,
  ],
  variables: [
    `x=1; y=$x$x; echo $y \${y}z`,
    `x=1 y=2; echo $x $y`,
    `x=a; x=b true; echo $x`,
    `x=a; x=b eval 'echo $x'; echo $x`,
    `x=a; x=b :; echo $x`,
    `x=1 sh -c 'echo $x'; echo "[$x]"`,
    `x=1; sh -c 'echo "[$x]"'; export x; sh -c 'echo "[$x]"'`,
    `export a=1 b; b=2; sh -c 'echo $a $b'`,
    `export x="a b" y='c'; echo "$x$y"`,
    `a="x y"; export b=$a; echo "$b"`,
    `x=1; unset x; echo "[$x]" "\${x-unset}"`,
    `unset nope; echo $?`,
    `readonly r=1; echo $r; r=2; echo after`,
    `readonly r=1; unset r; echo after`,
    `readonly r=1; (r=2; echo in); echo after $?`,
    `echo $# "$@"; set -- a "b c" d; echo $# "$@" "$*"; shift; echo $1; shift 2; echo $#`,
    `set -- a b; shift 3; echo $? $#`,
    `set -- 1 2 3 4 5 6 7 8 9 ten eleven; echo $10 \${10} \${11}`,
    `set -- a b; for i in "$@"; do echo "<$i>"; done; for i; do echo "<$i>"; done`,
    `set -- "a b" c; for i in $*; do echo "<$i>"; done; for i in "$*"; do echo "<$i>"; done`,
    `set -- a b c; IFS=,; echo "$*"; echo $*`,
    `set -- a b c; IFS=; echo "$*"; echo $*`,
    `set --; echo "[$@]" "[$*]" $#`,
    `set -- ; for i in "$@"; do echo x; done; echo none`,
    `set -- a b; echo "x$@y"`,
    `set -- a b; set x "$@"; echo $# $1`,
    `echo $?; false; echo $?; true; echo $?`,
    `x=$(false); echo $?; x=$(exit 3) ; echo $?`,
    `x=$(false) true; echo $?`,
    `echo \${#} ; x=hello; echo \${#x}`,
    `echo "$-" | tr -d '\\n' | grep -c e; set -e; case $- in *e*) echo has;; esac`,
    `env -i x=1 sh -c 'echo $x'`,
    `1x=3`,
    `x=1; x= ; echo "[$x]"`,
    `a=1;b=2;a=$b b=$a;echo $a $b`,
    `foo=bar; eval "echo \\$foo"; n=foo; eval x=\\$$n; echo $x`,
    `eval`,
    `eval 'echo a; false'; echo $?`,
    `eval 'if'; echo not reached`,
    `echo $((x=5)) $x`,
    `PATH=; ls; echo $?`,
    `x="*"; echo "$x"`,
    `IFS=x; echo \${IFS}`,
    `set a b c; echo $3$2$1`,
    `set -- -a; echo $1`,
    `A_1=x; echo $A_1 \${A_1}_2`,
    `x=abc; echo $x[0]`,
    `echo "$UNSET_THING."`,
    `LINES=5; echo $LINES`,
    `x=\${y:=5}; echo $x $y`,
  ],
  'parameter forms': [
    `unset x; echo \${x-a} \${x:-b} \${x+c} \${x:+d}`,
    `x=; echo "[\${x-a}] [\${x:-b}] [\${x+c}] [\${x:+d}]"`,
    `x=1; echo \${x-a} \${x:-b} \${x+c} \${x:+d}`,
    `unset x; echo \${x=v} $x; unset x; echo \${x:=w} $x`,
    `unset x; echo \${x?} ; echo after`,
    `unset x; echo \${x?gone away}; echo after`,
    `x=; echo \${x:?empty it is}; echo after`,
    `x=; echo \${x:?}; echo after`,
    `(: \${nope?m}); echo $?`,
    `x=a/b/c.tar.gz; echo \${x%.*} \${x%%.*} \${x#*/} \${x##*/}`,
    `x=aaa; echo \${x#a} \${x##a} \${x#b} \${x%a*} \${x%%a*}`,
    `x='a*b'; echo "\${x#a\\*}" "\${x%'*b'}" "\${x#"a*"}"`,
    `p='*'; x='a*b'; echo "\${x%$p}" "\${x%"$p"b}"`,
    `x=foo; echo \${x#$(echo f)} \${x%\${x#f}}`,
    `x=hello; echo \${x#[a-h]} \${x%[!a-n]} \${x#??}`,
    `x="a b c"; echo \${x% *} "\${x#* }"`,
    `unset x; echo \${x:-"a  b"} "\${x:-a  b}" \${x:-a  b}`,
    `unset x; set -- \${x:-a b "c d"}; echo $#`,
    `unset x; set -- "\${x:-a b 'c d'}"; echo $# "$1"`,
    `unset x; echo "\${x:-"in quotes"}" "\${x:-'single'}"`,
    `unset x; echo \${x:-\${y:-\${z:-deep}}}`,
    `unset x; echo \${x:-$(echo sub)} \${x:-$((1+2))}`,
    `x='}'; echo \${x:-\\}} \${y:-\\}}  "\${y:-\\}}"`,
    `set -- a b; echo \${1:-x} \${3:-x} \${@:-none} \${*:-none}`,
    `set --; echo \${@:-none} \${1-unset} \${@+set}`,
    `x=abc; echo \${#x} \${#} \${#nope}`,
    `x=abcdef; echo "\${x#abc}" "\${x%"def"}"`,
    `path=/usr/local/bin; echo \${path%/*} \${path##*/}; echo \${path%%/*}`,
    `f=name.txt; echo "\${f%.txt}.md"`,
    `x=; echo "a\${x}b\${x}c"`,
    `echo \${x!}`,
    `echo "\${}"`,
    `x=1; echo \${x:-`,
    `x=aXbXc; echo "\${x%X*}" "\${x%%X*}"`,
    `x='  pad  '; echo "[\${x# }]" "[\${x##* }]"`,
    `x=abc; y=b; echo \${x%%$y*}\${x##*$y}`,
    `x="a'b"; echo "\${x%\\'*}"`,
    `x='\\'; echo "$x" "\${x#\\\\}"`,
  ],
  arithmetic: [
    `echo $((1+2*3)) $(( (1+2)*3 )) $((7/2)) $((7%3)) $((-7/2)) $((-7%3))`,
    `echo $((2<3)) $((2>3)) $((2<=2)) $((2>=3)) $((2==2)) $((2!=2))`,
    `echo $((1&&0)) $((1||0)) $((!1)) $((!0)) $((~5)) $((5&3)) $((5|3)) $((5^3)) $((1<<4)) $((256>>2))`,
    `x=5; echo $((x+1)) $(($x+1)) $((x*x)) $((-x)) $((+x))`,
    `x=5; echo $((x+=2)) $x $((x-=1)) $x $((x*=3)) $x $((x/=2)) $x $((x%=4)) $x`,
    `x=5; : $((x<<=2)) ; echo $x; : $((x>>=1)); echo $x; : $((x&=6)) ; echo $x; : $((x|=9)); echo $x; : $((x^=3)); echo $x`,
    `echo $((0x10)) $((010)) $((0xff+1))`,
    `echo $((1?2:3)) $((0?2:3)) $((1?(0?4:5):6))`,
    `unset u; echo $((u)) $((u+1))`,
    `x=; echo $((x+1))`,
    `x=abc; echo $((x))`,
    `echo $((1/0)); echo after`,
    `echo $((5%0)); echo after`,
    `echo $((1+)); echo after`,
    `echo $((1 2)); echo after`,
    `echo $((09)); echo after`,
    `echo $(( ( 1 + 2 )); echo after`,
    `i=0; while [ $i -lt 3 ]; do i=$((i+1)); echo $i; done`,
    `echo $((9223372036854775807)) $((9223372036854775807+1)) $((-9223372036854775807-1))`,
    `echo $(( 1, 2 ))`,
    `x=3; echo $((x++)) $x`,
    `x=3; echo $((++x)) $x`,
    `x=3; echo $((--x)) $x $((x--))`,
    `x='1+2'; echo $((x*2)); echo $(($x*2))`,
    `echo "$((1+1))" '$((1+1))' $((\`echo 3\`*$(echo 2)))`,
    `x=4; y=x; echo $((y+1))`,
    `a=1 b=2; echo $((a<b && b<3)) $((a>b || b==2))`,
    `echo $((2**3))`,
    `echo $((1<2==1))  $((1|2&3)) $((1+2<<1))`,
    `echo $(( 3 > 2 ? 10 : 20 ))`,
    `echo $(( x = 3, 4 ))`,
    `echo $((0&&1)) $((1||0))`,
    `echo $((1=2))`,
    `x=010; echo $((x)) $((x+1))`,
    `echo $((0xz))`,
    `echo $(())`,
    `echo $(( ))`,
    `readonly q=1; echo $((q=2)); echo after`,
  ],
  'conditions and loops': [
    `if true; then echo yes; else echo no; fi`,
    `if false; then echo yes; else echo no; fi`,
    `if false; then echo a; elif true; then echo b; else echo c; fi`,
    `if false; then echo a; fi; echo $?`,
    `if ! false; then echo not; fi`,
    `! true; echo $?; ! false; echo $?; ! ! true; echo $?`,
    `true && echo a || echo b; false && echo a || echo b`,
    `false || false || echo c; true && true && echo d`,
    `false && echo x; echo $?`,
    `i=0; while [ $i -lt 3 ]; do echo $i; i=$((i+1)); done; echo end $?`,
    `i=3; until [ $i -eq 0 ]; do echo $i; i=$((i-1)); done`,
    `while false; do :; done; echo $?`,
    `for i in 1 2 3; do echo $i; done`,
    `for i in; do echo x; done; echo $?`,
    `for i in a b c; do [ $i = b ] && continue; echo $i; done`,
    `for i in a b c; do [ $i = b ] && break; echo $i; done; echo $?`,
    `for i in 1 2; do for j in a b; do [ $j = b ] && continue 2; echo $i$j; done; echo never; done`,
    `for i in 1 2; do for j in a b; do [ $j = b ] && break 2; echo $i$j; done; echo never; done; echo out`,
    `while true; do while true; do break 5; done; echo no; done; echo out`,
    `for i in 1 2 3
do
  echo $i
done`,
    `for i in "a b" c; do echo "<$i>"; done; echo $i`,
    `for i in 1 2 3; do false; done; echo $?`,
    `for i in $(seq 3); do printf $i; done; echo`,
    `while read x; do echo "<$x>"; done <<EOF
a
b
EOF`,
    `break; echo after`,
    `continue; echo after`,
    `for i in 1; do break 0; done; echo $?`,
    `for i in 1; do break x; done; echo $?`,
    `f() { break; }; for i in 1 2; do f; echo $i; done`,
    `for i in 1 2; do (break); echo $i; done`,
    `if (exit 3); then echo y; else echo $?; fi`,
    `if [ -n "$x" ] || [ 1 -eq 1 ] && [ 2 -gt 1 ]; then echo ok; fi`,
    `n=0; while :; do n=$((n+1)); [ $n -gt 5 ] && break; done; echo $n`,
    `if true; then
  echo a

  echo b
fi`,
    `for x in 1 2 3; do echo $x; done | tail -n 1`,
    `i=0; while [ $((i=i+1)) -le 2 ]; do echo $i; done > out; cat out`,
    `for 1x in a; do :; done`,
    `while :; do eval break; done; echo out`,
    `for a in x y; do case $a in x) continue;; esac; echo $a; done`,
    `for i in 1 2; do echo $i; done 2>/dev/null >f; cat f; until :; do :; done`,
    `{ echo a; echo b; } | cat -n`,
    `{ false; }; echo $?; { true; false; } || echo f`,
  ],
  case: [
    `case abc in a*) echo 1;; *) echo 2;; esac`,
    `case abc in x) echo 1;; y|abc|z) echo 2;; esac`,
    `case abc in (abc) echo paren;; esac`,
    `case x in y) ;; esac; echo $?`,
    `false; case x in x) ;; esac; echo $?`,
    `case "a b" in "a b") echo q;; esac`,
    `case '*' in '*') echo star;; esac; case a in '*') echo star;; *) echo no;; esac`,
    `p='a*'; case abc in $p) echo pat;; esac; case abc in "$p") echo no;; *) echo quoted;; esac`,
    `case 5 in [0-9]) echo digit;; [a-z]) echo letter;; esac`,
    `case b in [!a]) echo nota;; esac; case - in [a-]) echo dash;; esac; case ] in []]) echo br;; esac`,
    `case a in [[:alpha:]]) echo alpha;; esac; case 1 in [[:digit:][:space:]]) echo d;; esac`,
    `case abc in ???) echo three;; esac; case '' in '') echo empty;; esac; case '' in ?*) ;; *) echo e;; esac`,
    `case foo in
  bar) echo bar ;;
  foo)
    echo foo
    echo more
    ;;
esac`,
    `case a in a) echo 1; echo 2 ;; a) echo 3; esac`,
    `case a in a) false;; esac; echo $?`,
    `case $(echo hi) in hi) echo matched; esac`,
    `case /a/b in */b) echo slash;; esac; case .x in *x) echo dot;; esac`,
    `case a in b) esac; echo empty`,
    `case a in esac; echo none`,
    `case in in in) echo in;; esac`,
    `case 'a\\b' in 'a\\b') echo bs;; esac; case 'a\\b' in a\\\\b) echo bs2;; esac`,
    `x=abc; case $x in *"b"*) echo has;; esac; case "$x" in a?c) echo q;; esac`,
    `case "[a]" in "["*"]") echo brackets;; esac; case '[a' in [a) echo lone;; esac`,
    `case a in a) echo x;& b) echo y;; esac`,
  ],
  functions: [
    `f() { echo "f $1 $#"; }; f a b; f`,
    `f() { return 3; }; f; echo $?; f() { return; }; false; f; echo $?`,
    `f() { false; }; f; echo $?; f() { true; }; f; echo $?`,
    `f() { local x=in; echo $x; }; x=out; f; echo $x`,
    `f() { x=in; }; x=out; f; echo $x`,
    `f() { local x; x=1; g; echo $x; }; g() { x=2; }; x=0; f; echo $x`,
    `f() { local a=1 b=2; echo $a$b; }; f; echo "[$a$b]"`,
    `f() { set -- x y; echo $#; }; set -- 1; f; echo $#`,
    `f() (echo sub; x=1); f; echo "[$x]"`,
    `f() { echo $0; }; f`,
    `f() { if [ $1 -gt 0 ]; then echo $1; f $(($1-1)); fi; }; f 3`,
    `fact() { if [ $1 -le 1 ]; then echo 1; else echo $(( $1 * $(fact $(($1-1))) )); fi; }; fact 5`,
    `f() { echo out; } > file; f; cat file`,
    `f() { cat; }; echo in | f`,
    `f() { echo a; return 1; echo b; }; f || echo failed`,
    `f
() { echo x; }`,
    `f()
{
  echo newline
}
f`,
    `f() { g() { echo inner; }; }; f; g`,
    `f() { echo 1; }; f() { echo 2; }; f; unset -f f; f; echo $?`,
    `f() for i in 1 2; do echo $i; done; f`,
    `f() if true; then echo y; fi; f`,
    `f() echo hi`,
    `function f { echo kw; }; f`,
    `f() { echo "$*"; }; x=1 f a; echo "[$x]"`,
    `f() { return 300; }; f; echo $?`,
    `f() { return x; }; f; echo $?`,
    `return 3; echo after`,
    `f() { shift; echo "$@"; }; f a b c`,
    `f() { echo \${1:-default}; }; f; f x`,
    `x-y() { echo dash; }; x-y`,
    `f() { while :; do return 4; done; }; f; echo $?`,
    `f() { for i in 1 2; do case $i in 2) return 7;; esac; done; }; f; echo $?`,
    `f() { eval 'return 5'; echo no; }; f; echo $?`,
    `f() { (return 6); echo $?; }; f`,
    `f() { exit 4; }; f; echo no`,
    `local x=1; echo after`,
    `f() { local x="a b"; echo "$x"; local y=$x; echo "$y"; }; f`,
    `f() { local IFS=,; set -- a b; echo "$*"; }; f; set -- c d; echo "$*"`,
    `echo() { printf 'my:%s\\n' "$*"; }; echo hi; command echo real; unset -f echo; echo back`,
    `f() { trap 'echo t' EXIT; }; f; echo done`,
    `f() { unset x; echo "[$x]"; }; x=1; f; echo "[$x]"`,
    `f() { local x=1; unset x; echo "[$x]"; }; x=0; f; echo "[$x]"`,
  ],
  redirections: [
    `echo a > f; cat f; echo b >> f; cat f; echo c > f; cat < f`,
    `echo out; echo err >&2`,
    `{ echo out; echo err >&2; } 2>&1 | sort`,
    `{ echo out; echo err >&2; } 2>/dev/null`,
    `{ echo out; echo err >&2; } >/dev/null`,
    `ls nope 2>/dev/null || echo failed`,
    `cat < nope; echo $?`,
    `cat < nope || echo or`,
    `: < nope; echo after`,
    `echo a > d/f; echo $?`,
    `mkdir d; echo a > d; echo $?`,
    `exec > f; echo hidden; exec >&2; cat f`,
    `exec 3> f; echo three >&3; exec 3>&-; cat f`,
    `exec 3< /dev/null; read x <&3; echo $?`,
    `printf 'l1\\nl2\\nl3\\n' > f; exec 3< f; read a <&3; read b <&3; echo $a $b; exec 3<&-`,
    `echo x >&3; echo $?`,
    `echo x >&-; echo $?`,
    `exec 5<>f; echo hi >&5; cat f`,
    `printf abc > f; printf X 1<>f; cat f; echo`,
    `set -C; echo a > f; echo b > f; echo $?; echo c >| f; cat f`,
    `> f; wc -c < f; >>f; ls f`,
    `echo a 2>&1 >f; cat f`,
    `(echo a; echo b >&2) >f 2>&1; sort f`,
    `for i in 1 2; do echo $i; done > f; cat f`,
    `if true; then echo in; fi > f; cat f`,
    `while read l; do echo "[$l]"; done < /dev/null; echo done`,
    `f=name; echo x > "$f.txt"; ls`,
    `echo a > 'a b'; cat 'a b'; ls`,
    `cat <<EOF
hello $((1+1)) \`echo cmd\` $(echo sub)
EOF`,
    `x=v; cat <<EOF
a $x \${x}y \\$x "quoted" 'single' \\\\ \\a
EOF`,
    `cat <<'EOF'
a $x \`b\` \\$ \\\\
EOF`,
    `cat <<\\EOF
$x
EOF`,
    `cat <<-EOF
	tab
		two
	EOF
echo after`,
    `cat <<A; cat <<B
a
A
b
B`,
    `cat <<A <<B
a
A
b
B`,
    `cat <<EOF | tr a-z A-Z
shout
EOF`,
    `cat <<EOF > f
in file
EOF
cat f`,
    `if true; then cat <<EOF
inside
EOF
fi; echo after`,
    `f() { cat <<EOF
arg $1
EOF
}; f x`,
    `cat <<EOF
a\\
b
EOF`,
    `cat <<EOF
no end`,
    `cat <<""
x

echo after`,
    `cat <<EOF
\${x:-default} "$(echo "in quotes")"
EOF`,
    `while read a b; do echo "$b $a"; done <<EOF
1 2
3 4 5
EOF`,
    `cat 0<<X
fd
X`,
    `x=$(cat <<EOF
in sub
EOF
); echo "$x"`,
    `echo a &> f; cat f`,
    `echo 2>f; echo 2 >f; cat f`,
    `echo a1>f; cat f; echo a 1>f; cat f`,
    `{ echo 1; echo 2; } > f; { read x; cat; } < f`,
    `exec 2>f; nosuchcommand; exec 2>&1; cat f`,
    `true > /dev/full; echo $?; echo x > /dev/full; echo $?`,
    `echo x | cat - > f; cat f`,
    `exec 3>&1; echo \`echo to3 >&3; echo to1\``,
    `2>&1 ls nope | wc -l`,
    `<f cat; echo $?`,
    `echo x >`,
    `cat <&0 < /dev/null; echo $?`,
    `( exec >f; echo in ); echo out; cat f`,
    `echo hi >f 3>g; cat f; wc -c <g`,
    `n=3; echo x >&$n; echo $?`,
    `echo abc >f; read x <f; echo $x; : >f; cat f`,
  ],
  pipes: [
    `echo hello | cat`,
    `echo hello | tr a-z A-Z | rev`,
    `printf 'b\\na\\nc\\n' | sort | head -n 1`,
    `false | true; echo $?; true | false; echo $?`,
    `exit 3 | exit 5; echo $?`,
    `echo a | { read x; echo "got $x"; }; echo "[$x]"`,
    `x=1; echo | x=2; echo $x`,
    `yes | head -n 2`,
    `seq 1000 | tail -n 1; seq 10 | while read n; do [ $n = 5 ] && break; echo $n; done`,
    `! echo a | grep -q b; echo $?`,
    `echo a |
cat`,
    `echo a | cat | cat | cat | wc -l`,
    `cat /dev/null | wc -c`,
    `(echo a; echo b) | sed s/a/x/`,
    `if echo abc | grep -q b; then echo found; fi`,
    `echo a && echo b | cat`,
    `set -o pipefail; false | true; echo $?; set +o pipefail; false | true; echo $?`,
    `echo foo | while read x; do echo "in $x"; done; f() { cat; }; echo foo | f | f`,
    `seq 100000 | head -n 1; echo $?`,
    `echo a | exit 4; echo $?`,
    `ls nope 2>&1 | cat | grep -c nope`,
    `printf 'a b\\nc d\\n' | awk '{print $2}'`,
    `echo 'x=1' | sh -s; echo 'echo "$1"' | sh -s arg`,
    `echo 'echo from stdin' | sh`,
    `sh -c 'exit 7' | cat; echo $?`,
    `|`,
    `echo a | | cat`,
    `echo a |`,
  ],
  'subshells and substitution': [
    `(echo a; exit 2); echo $?`,
    `x=1; (x=2; echo $x); echo $x`,
    `(cd /; pwd); [ "$PWD" = / ] || echo still`,
    `x=$(echo a; echo b); echo "$x"; echo $x`,
    `x=$(printf 'a\\n\\n'); echo "[$x]"`,
    `echo $(echo $(echo $(echo deep)))`,
    `x=$(exit 4); echo $?; echo $(exit 4) $?`,
    `x=\`echo a\`\`echo b\`; echo $x`,
    `echo "$(cat <<X
doc
X
)"`,
    `((echo nested)); echo $?`,
    `( (echo nested) ); echo $((1+(2)))`,
    `(exit 1) || echo or; (exit 0) && echo and`,
    `x=$(false || echo recovered); echo $x`,
    `echo $(set -- a b; echo $#) $#`,
    `f() { echo "f$1"; }; echo $(f 1)$(f 2)`,
    `(f() { echo x; }; f); f; echo $?`,
    `x=$(
echo multi
echo line
); echo "$x"`,
    `echo $( # comment
echo after comment )`,
    `echo $(echo a
) b`,
    `()`,
    `(echo a`,
    `echo $(echo a`,
    `echo \`echo a`,
    `echo )`,
    `x=$(case a in a) echo matched;; esac); echo $x`,
    `x=$(case a in (a) echo matched;; esac); echo $x`,
    `x=$(echo '(' ")"); echo $x`,
    `( trap 'echo bye' EXIT; echo hi ); echo after`,
    `(exit); echo $?; false; (exit); echo $?`,
    `a=$(echo 1 2 3); set -- $a; echo $#`,
    `echo $(</dev/null)x`,
  ],
  'set and options': [
    `set -e; echo a; false; echo b`,
    `set -e; false || true; echo a; if false; then :; fi; echo b; ! true; echo c; false && true; echo d`,
    `set -e; (false); echo no`,
    `set -e; (false) || echo or; echo on`,
    `set -e; f() { false; echo in f; }; f || echo handled; echo end`,
    `set -e; f() { false; echo in f; }; f; echo end`,
    `set -e; x=$(false); echo no`,
    `set -e; echo $(false); echo yes`,
    `set -e; false | true; echo yes; true | false; echo no`,
    `set -e; while false; do :; done; echo ok; until true; do :; done; echo ok2`,
    `set -e; { false; echo x; } || echo y`,
    `set -e; if f() { false; }; then f; fi; echo no`,
    `set -e; set +e; false; echo fine`,
    `set -e; trap 'echo exit $?' EXIT; false; echo no`,
    `set -e; eval false; echo no`,
    `set -e; for i in 1 2; do false; done; echo no`,
    `set -e; case a in a) false;; esac; echo no`,
    `set -e; sh -c 'exit 3'; echo no`,
    `set -e; test -f nope && echo a; echo yes`,
    `set -e; [ 1 = 2 ]; echo no`,
    `set -e; false & wait $!; echo no`,
    `set -e; x=1; [ $x = 2 ] || [ $x = 1 ]; echo ok; ! { false; }; echo ok`,
    `set -u; echo "$nope"; echo after`,
    `set -u; echo \${nope:-def} \${nope-def} \${nope+x}; echo $#; echo "$@" $*; echo fine`,
    `set -u; x=$nope; echo after`,
    `set -u; (echo $nope); echo $?`,
    `set -u; echo $1; echo after`,
    `set -u; echo \${#nope}; echo after`,
    `set -u; echo \${nope%x}; echo after`,
    `set -u; echo $((nope+1)); echo after`,
    `set -x; echo a b; x=1; y="c d" ; echo "$y"`,
    `set -x; for i in 1 2; do :; done; if [ 1 = 1 ]; then :; fi`,
    `set -x; echo 'a b' "" \\$x; x='a b' true`,
    `set -x; f() { echo in; }; f x; (echo sub); case a in a) :;; esac`,
    `PS4='> '; set -x; echo t; set +x; echo u`,
    `set -x; x=$(echo s); : > f; echo >f`,
    `set -f; echo *; set +f; : > a; echo *`,
    `set -n; echo not run`,
    `set -a; x=1; sh -c 'echo $x'`,
    `set -ex; true; false; echo no`,
    `set -o errexit; false; echo no`,
    `set -eu; echo ok`,
    `set -z`,
    `set -o nosuch`,
    `set -o noglob; echo *; set +o noglob`,
    `set -v; echo v`,
    `set | grep '^zz'; zz='a b'; set | grep '^zz'; zy="it's"; set | grep '^zy'`,
    `set +o | grep errexit`,
    `set -euo pipefail; echo ok`,
    `set -- a b; set -e; echo $#; set +e --; echo $#`,
    `set - a b; echo $#`,
  ],
  'trap, signals and jobs': [
    `trap 'echo bye' EXIT; echo hi`,
    `trap 'echo bye $?' EXIT; exit 3`,
    `trap 'exit 5' EXIT; exit 3`,
    `trap 'echo bye' 0; false`,
    `trap 'echo usr' USR1; kill -USR1 $$; echo after`,
    `trap 'echo term; exit 9' TERM; kill $$; echo no`,
    `trap '' TERM; kill $$; echo survived`,
    `trap '' TERM; trap - TERM; kill $$; echo no`,
    `trap 'echo a' INT TERM; trap`,
    `trap 'echo "q"' EXIT; trap; trap - EXIT; trap`,
    `trap 'echo x' NOSUCH; echo $?`,
    `trap 'echo x' SIGTERM; echo $?`,
    `kill -TERM $$; echo no`,
    `kill -9 $$; echo no`,
    `sh -c 'kill -TERM $$'; echo $?`,
    `sh -c 'kill -9 $$'; echo $?`,
    `sh -c 'kill -INT $$'; echo $?`,
    `sleep 0.1 & wait; echo $?`,
    `sleep 0.1 & wait $!; echo $?`,
    `(exit 3) & wait $!; echo $?`,
    `false & wait $!; echo $?; wait $!; echo $?`,
    `wait; echo $?`,
    `wait 99999; echo $?`,
    `sleep 5 & kill $!; wait $! 2>/dev/null; echo $?`,
    `sleep 5 & p=$!; kill -9 $p; wait $p 2>/dev/null; echo $?`,
    `(sleep 0.05; echo late) & echo early; wait; echo end`,
    `echo a & wait; echo b`,
    `{ sleep 0.1; echo 2; } & echo 1; wait; echo 3`,
    `for i in 1 2 3; do (exit $i) & pids="$pids $!"; done; for p in $pids; do wait $p; echo $?; done`,
    `trap 'echo got' USR1; (sleep 0.1; kill -USR1 $$; sleep 0.2) & wait; echo $?`,
    `trap 'echo got' USR1; (sleep 0.1; kill -USR1 $$) & sleep 0.3; echo done`,
    `trap 'echo child' CHLD; true & wait; echo end`,
    `trap 'echo in' EXIT; (echo sub); echo main`,
    `trap 'echo outer' EXIT; (trap 'echo inner' EXIT; exit 1); echo $?`,
    `kill -0 $$; echo $?; kill -0 99999; echo $?`,
    `kill -l TERM; kill -l 15; kill -l 143`,
    `kill; echo $?`,
    `kill abc; echo $?`,
    `kill -NOSUCH 1; echo $?`,
    `f() { trap 'echo fx; exit 2' TERM; kill $$; sleep 1; }; f; echo no`,
    `trap 'echo a; trap - EXIT' EXIT`,
    `trap 'false' EXIT; true`,
    `trap 'echo x' EXIT; exec true`,
    `trap "echo 'a b'" EXIT; trap | cat`,
    `sleep 0.1 & jobs -p > f; wc -l < f; wait`,
    `[ -n "$!" ] || echo none; : & [ -n "$!" ] && echo some; wait`,
    `cat & wait; echo $?`,
    `(trap 'echo t; exit 0' TERM; while :; do sleep 0.05; done) & sleep 0.2; kill $!; wait $!; echo $?`,
    `echo & echo; wait; &`,
    `true & false; echo $?; wait`,
    `sleep 10 & trap 'kill $!' EXIT; exit 4`,
    `trap 'echo int' INT; kill -INT $$; echo ok`,
    `trap 'return' USR1; f() { kill -USR1 $$; echo on; }; f; echo end`,
  ],
  read: [
    `echo 'a b c' | { read x y; echo "[$x][$y]"; }`,
    `echo 'a b c' | { read x y z w; echo "[$x][$y][$z][$w]"; }`,
    `echo '  a  b  ' | { read x; echo "[$x]"; }`,
    `echo '  a  b  ' | { read x y; echo "[$x][$y]"; }`,
    `echo 'a:b:c' | { IFS=: read x y; echo "[$x][$y]"; }`,
    `echo 'a::b' | { IFS=: read x y z; echo "[$x][$y][$z]"; }`,
    `echo ':a:' | { IFS=: read x y z; echo "[$x][$y][$z]"; }`,
    `echo 'a,b,' | { IFS=, read x y; echo "[$x][$y]"; }`,
    `echo 'a\\b\\nc' | { read x; echo "$x"; }`,
    `printf 'a\\\\\\nb\\nc\\n' | { read x; echo "[$x]"; read y; echo "[$y]"; }`,
    `printf 'a\\\\\\nb\\n' | { read -r x; echo "[$x]"; }`,
    `printf 'no newline' | { read x; echo "$? [$x]"; }`,
    `read x < /dev/null; echo "$? [$x]"`,
    `printf '1\\n2\\n' | { read a; read b; read c; echo "$a $b $c $?"; }`,
    `echo ' x ' | { IFS= read x; echo "[$x]"; }`,
    `echo '1 2' | { IFS=' ' read -r a b; echo $b$a; }`,
    `echo 'a b' | { read; echo "$? [$REPLY]"; }`,
    `read 1x < /dev/null; echo $?`,
    `printf 'k=v\\nk2=v2\\n' | while IFS='=' read -r k v; do echo "$k -> $v"; done`,
    `printf 'a\\tb\\n' | { IFS='	' read x y; echo "$y$x"; }`,
    `echo 'a  b' | { read -r x; echo "$x"; }`,
    `echo 'x y' | read a b; echo "[$a]"`,
    `printf 'a\\n' > f; while read -r l || [ -n "$l" ]; do echo "<$l>"; done < f; printf 'end' > f;  while read -r l || [ -n "$l" ]; do echo "<$l>"; done < f`,
    `echo 'a\\ b c' | { read x y; echo "[$x][$y]"; }`,
    `read -z x </dev/null; echo $?`,
    `echo abc | { read -p prompt x; echo $x; }`,
    `echo 'a : b' | { IFS=' :' read x y; echo "[$x][$y]"; }`,
    `echo 'a b c d' | (read a b; echo "$b")`,
  ],
  'field splitting': [
    `x=' a  b '; set -- $x; echo $#; set -- x$x; echo $# $1`,
    `IFS=:; x=a:b::c; set -- $x; echo $#; for i in $x; do echo "<$i>"; done`,
    `IFS=:; x=:a:; set -- $x; echo $#; echo "<$1><$2><$3>"`,
    `IFS=': '; x='a : b'; set -- $x; echo $# "$1" "$2"`,
    `IFS=': '; x='a: :b'; set -- $x; echo $#`,
    `IFS=; x='a b'; set -- $x; echo $#`,
    `unset IFS; x='a b	c'; set -- $x; echo $#`,
    `IFS=,; set -- a,b; echo $#; x=a,b; set -- $x; echo $#; echo "$x" $x`,
    `IFS=' '; x='a
b'; set -- $x; echo $#`,
    `x='a b'; y=$x; echo "$y"; z=$x$x; echo "$z"`,
    `set -- $(printf 'a\\nb c\\n'); echo $#`,
    `x='a b'; set -- "$x"$x; echo $# "$1"`,
    `x='a b'; set -- $x"$x"; echo $# "$2"`,
    `x=; set -- $x; echo $#; set -- a$x; echo $#; set -- "$x"a; echo $#`,
    `IFS=-; echo $((1-3)); x=1-3; echo $x; echo "$x"`,
    `IFS=x; y=axbxc; set -- $y; echo $1 $2 $3; echo axbxc`,
    `set -- "a b" "c d"; set -- $@; echo $#; set -- "a b" "c d"; set -- "$@"; echo $#`,
    `set -- a "" b; set -- $@; echo $#; set -- a "" b; set -- "$@"; echo $#`,
    `IFS=:; set -- a b; echo "$*" "$@" $*`,
    `IFS=o; for w in $(echo foo bar); do echo "<$w>"; done`,
    `x='*'; set -f; set -- $x; echo "$1"; set +f`,
    `x='"a b"'; set -- $x; echo $# "$1"`,
    `x='a\\ b'; set -- $x; echo $# "$1"`,
  ],
  globs: [
    `: > a1; : > a2; : > b1; echo *; echo a*; echo *1; echo a? [ab]1 c*`,
    `: > .h; : > v; echo *; echo .h*; echo .[!.]*`,
    `mkdir d; : > d/x; : > d/y; echo d/*; echo */x; echo */*; cd d; echo *`,
    `echo "*" '*' \\*; : > f; echo "*" '*' \\*`,
    `: > 'a b'; for f in *; do echo "<$f>"; done; set -- *; echo $#`,
    `x='*'; : > q; echo $x "$x"`,
    `: > '[x]'; : > x; echo [x]; echo \\[x]; echo "[x]"`,
    `mkdir -p d/e; echo d/*/; echo d*/`,
    `for f in *.nope; do echo $f; done`,
    `: > a; : > B; : > c; echo [a-c]; echo [!a]; echo [[:upper:]]`,
    `x=*; : > f; echo $x; y="$x"; echo $y; echo "$y"`,
    `: > a.txt; : > b.txt; for f in *.txt; do echo \${f%.txt}; done; ls *.txt | wc -l`,
    `case $(echo *) in '*') echo none;; esac`,
    `mkdir .d; : > .d/f; echo .d/*; echo */f`,
    `: > a; ln -s nope l; echo *; echo l*`,
    `echo /et[c]; echo /nope*/x`,
    `: > x; echo "x"* x"*" 'x*'*`,
    `: > -; echo *`,
    `: > a; : > b; set -- [ab]; echo $#; echo > out*; ls`,
  ],
  getopts: [
    `while getopts ab:c o -a -b val -c rest; do echo "$o [$OPTARG] $OPTIND"; done; echo $OPTIND`,
    `set -- -abval x; while getopts ab: o; do echo "$o $OPTARG"; done; shift $((OPTIND-1)); echo "$@"`,
    `set -- -x; while getopts ab: o; do echo "$o"; done`,
    `set -- -x; while getopts :ab: o; do echo "$o $OPTARG"; done`,
    `set -- -b; while getopts ab: o; do echo "$o"; done`,
    `set -- -b; while getopts :ab: o; do echo "$o $OPTARG"; done`,
    `set -- -a -- -b; while getopts ab o; do echo $o; done; shift $((OPTIND-1)); echo "$@"`,
    `set -- a -b; getopts ab o; echo "$? $o $OPTIND"`,
    `set --; getopts a o; echo "$? $o"`,
    `set -- -a; getopts a o; OPTIND=1; getopts a o; echo "$? $o"`,
    `f() { local OPTIND=1 o; while getopts n: o; do case $o in n) n=$OPTARG;; esac; done; echo $n; }; f -n 1; f -n2`,
    `set -- -ab -c; while getopts abc o; do echo "$o $OPTIND"; done`,
    `getopts; echo $?`,
    `getopts a 1x -a; echo $?`,
    `set -- -; getopts a o; echo "$? $o"`,
    `set -- -a '' b; while getopts a o; do echo "$o"; done; echo $OPTIND`,
  ],
  test: [
    `[ a = a ] && echo y; [ a = b ] || echo n; [ a != b ] && echo y`,
    `[ 1 -eq 1 ] && [ 1 -ne 2 ] && [ 1 -lt 2 ] && [ 2 -gt 1 ] && [ 1 -le 1 ] && [ 1 -ge 1 ] && echo all`,
    `[ -z "" ] && [ -n "x" ] && echo y; [ "" ] || echo empty; [ x ] && echo full; [ ] || echo none`,
    `: > f; mkdir d; [ -f f ] && [ -d d ] && [ -e f ] && [ ! -e nope ] && [ ! -s f ] && echo y; echo x > f; [ -s f ] && echo s`,
    `: > f; chmod 644 f; [ -r f ] && [ -w f ] && [ ! -x f ] && echo y; chmod +x f; [ -x f ] && echo x`,
    `ln -s f l; [ -L l ] && [ -h l ] && [ ! -e l ] && echo y`,
    `[ 1 -eq 1 -a 2 -eq 2 ] && echo and; [ 1 -eq 2 -o 2 -eq 2 ] && echo or; [ ! 1 -eq 2 ] && echo not; [ \\( a = a \\) ] && echo paren`,
    `test a = a; echo $?; test; echo $?; test a; echo $?; test ! a; echo $?`,
    `[ a -eq 1 ]; echo $?`,
    `[ a = ]; echo $?`,
    `[ a b ]; echo $?`,
    `[ a = a; echo $?`,
    `[ -t 0 ]; echo $?; [ -p /dev/null ]; echo $?; [ -c /dev/null ]; echo $?`,
    `[ abc \\< abd ]; echo $?; [ b \\> a ]; echo $?`,
    `x=; [ -n $x ]; echo $?; [ $x = a ]; echo $?`,
    `[ "(" = "(" ]; echo $?; [ ! = ! ]; echo $?; [ -n = -n ]; echo $?; [ -f = -f ]; echo $?`,
    `touch -d '2020-01-01 00:00:00' a; : > b; [ b -nt a ]; echo $?; [ a -ot b ]; echo $?; [ a -ef a ]; echo $?`,
    `[ 5 -gt 10 ]; echo $?; [ 05 -eq 5 ]; echo $?; [ -1 -lt 0 ]; echo $?; [ ' 1' -eq 1 ]; echo $?`,
    `[ a == a ]; echo $?`,
    `[[ abc == a* ]]; echo $?`,
    `[ -x /bin ] ; echo $?; [ -d / ]; echo $?; [ -S / ]; echo $?; [ -b / ]; echo $?`,
    `[ 99999999999999999999 -gt 1 ]; echo $?`,
    `[ "" -eq 0 ]; echo $?`,
  ],
  'echo and printf': [
    `echo -n a; echo b`,
    `echo -e 'a\\tb'; echo -E 'a\\tb'; echo -ne x; echo`,
    `echo 'a\\tb\\\\c'`,
    `echo -- a; echo - a; echo -x`,
    `printf '%s\\n' a b c`,
    `printf '%d %5d|%-5d|%05d\\n' 1 2 3 4`,
    `printf '%s %s\\n' a b c`,
    `printf '%x %X %o %c %%\\n' 255 255 8 abc`,
    `printf 'a\\tb\\n\\x41\\101\\n'`,
    `printf '%b\\n' 'a\\nb\\0101'`,
    `printf '%.2f %e %g\\n' 3.14159 1000 0.5`,
    `printf '%5.1f|%-8s|%.2s|\\n' 2.25 ab abc`,
    `printf '%d\\n' x; echo $?`,
    `printf '%d\\n' 1x; echo $?`,
    `printf '%d %d\\n' 0x10 010`,
    `printf '%d\\n' "'a"`,
    `printf; echo $?`,
    `printf -- '%s\\n' x`,
    `printf '%s'; echo`,
    `printf '%*d\\n' 5 3`,
    `printf '%q\\n' 'a b'; echo $?`,
    `printf '%s\\n' "a
b"`,
    `printf '\\n' | wc -c; printf '\\\\ \\" \\a' | wc -c`,
    `printf 'x%sy\\n' "" ; printf '%3s|%-3s|\\n' a b`,
    `printf '%i %u\\n' 5 7; printf '%+d\\n' 3`,
    `printf 'no newline'`,
    `printf '%s %d\\n' a 1 b 2`,
    `printf "%s\\n" "$(printf 'a\\0b')"`,
    `printf '%c%c\\n' a ''`,
    `printf '%z\\n'; echo $?`,
  ],
  commands: [
    `nosuch; echo $?`,
    `./nosuch; echo $?`,
    `/nope/x a; echo $?`,
    `mkdir d; ./d; echo $?`,
    `echo 'echo script $1 $#' > s; chmod +x s; ./s a b; echo $?`,
    `printf '#!/bin/sh\\necho bang $1\\nexit 3\\n' > s; chmod +x s; ./s a; echo $?`,
    `echo x > s; ./s; echo $?`,
    `echo 'exit 4' > s; sh s; echo $?; sh ./nope; echo $?`,
    `echo 'x=1; echo $1' > s; . ./s; echo $x`,
    `. ./nope; echo after`,
    `echo 'return 3; echo no' > s; . ./s; echo $?`,
    `command -v echo; command -v if; command -v nosuch; echo $?`,
    `f() { :; }; command -v f; command -v true; type f | head -n 1`,
    `type echo; type nosuch; echo $?; type if; type :`,
    `command echo a; command nosuch; echo $?; command`,
    `command -V cd; echo $?`,
    `alias ll='echo listed'; ll x; alias; unalias ll; ll`,
    `alias a='echo A'
a x
unalias a
a`,
    `alias nope; echo $?; unalias nope; echo $?`,
    `alias e='echo '
alias w='world'
e w`,
    `exec echo replaced; echo no`,
    `exec nosuch; echo no`,
    `(exec nosuch; echo no); echo $?`,
    `exec; echo still`,
    `exit 3`,
    `exit 256; echo`,
    `exit x; echo after`,
    `exit -1; echo after`,
    `false; exit`,
    `cd /nope; echo $?`,
    `cd /; pwd; cd - > /dev/null; [ "$PWD" != / ] && echo back`,
    `mkdir -p a/b; cd a/b; cd ..; echo \${PWD##*/}; cd b/../b; echo \${PWD##*/}`,
    `cd; pwd | head -c 1; echo`,
    `unset HOME; cd; echo $?`,
    `: > f; cd f; echo $?`,
    `umask 022; umask; umask 077; umask; umask -S; : > f; ls -l f | cut -c1-10`,
    `umask u=rwx,g=rx,o=; umask; umask g-x; umask`,
    `true; echo $?; false; echo $?; :; echo $?; : a b c; echo $?`,
    `times | wc -l`,
    `ulimit -n > /dev/null; echo $?`,
    `hash; echo $?`,
    `sh -c 'echo $0 $1 $2' a b c; sh -c 'echo $0'`,
    `sh -c 'exit 5'; echo $?; sh -ec 'false; echo no'; echo $?; sh -c; echo $?`,
    `sh -x -c 'echo a' 2>&1; sh -euxc 'true' 2>&1`,
    `echo 'echo "$0:$1"' > s; sh s arg`,
    `sleep 0; echo $?; sleep x; echo $?`,
    `basename /a/b.c .c; dirname /a/b; expr 1 + 2; expr abc : 'a\\(.\\)'`,
    `env | grep -c '^PATH='; env x=1 sh -c 'echo $x'; env -u PATH echo hi`,
    `xargs echo < /dev/null; echo a b | xargs -n 1 echo; echo 'a b' | xargs -I{} echo "<{}>"`,
    `seq 3 | xargs; seq 2 | xargs -n1 sh -c 'echo "$0"'`,
    `id -u > /dev/null && echo ok; hostname > /dev/null && echo ok; date +%Y > /dev/null && echo ok`,
    `timeout 0.1 sleep 5; echo $?; timeout 5 true; echo $?`,
    `which sh | wc -l; mktemp -d | wc -l`,
    `tee f < /dev/null; echo a | tee f g; cat f g`,
    `echo a > f; cp f g; mv g h; cat h; rm f; ls; rm nope; echo $?; rm -f nope; echo $?`,
    `mkdir a; mkdir a; echo $?; mkdir -p a/b/c; rmdir a; echo $?; rm -r a; ls`,
    `shift; echo $?; shift x; echo $?`,
    `let x=1+2; echo $x`,
    `source /dev/null; echo $?`,
    `echo a; exit; echo b`,
    `test -n "$(command -v sh)" && echo sh`,
    `builtin echo x; echo $?`,
    `export -p | grep zed; export zed='a b'; export -p | grep zed; readonly ro=1; readonly -p | grep ro=`,
    `export 1x; echo after`,
    `export x=1; export -n x; sh -c 'echo "[$x]"'`,
    `unset 1x; echo after`,
    `unset -v x; unset -f g; echo $?`,
  ],
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
