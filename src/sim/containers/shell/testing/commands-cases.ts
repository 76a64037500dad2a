/** Scripts about commands, descriptors and signals. */
export const commandsCases: Readonly<Record<string, readonly string[]>> = {
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
    `set -u; cat <<EOF
$nope
EOF
echo after`,
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
}
