# For scripts/demo, which sources it: reads the reports of the command, and
# writes numbers for people. POSIX sh and awk only.

# Value of a key at the top of a report, without quotes; empty when it is not there. The command
# writes one key a line, indented by two spaces.
value() { # KEY REPORT
    sed -n -e '/^  "'"$1"'": /!d' -e 's/^[^:]*: //' -e 's/,$//' -e 's/^"\(.*\)"$/\1/' -e p "$2" | head -n 1
}

count() { # 1179648 -> 1,179,648
    echo "$1" | sed -e ':a' -e 's/^\([0-9]\{1,\}\)\([0-9]\{3\}\)/\1,\2/' -e 'ta'
}

bytes() { # 1234567 -> 1.2 MB
    awk -v b="$1" 'BEGIN {
        split("bytes kB MB GB TB", unit, " ")
        for (i = 1; b >= 999.5 && i < 5; i++) b /= 1000
        printf(i == 1 || b >= 99.95 ? "%.0f %s" : "%.1f %s", b, unit[i])
    }'
}

seconds() { # 0.0021 -> 2.1 ms
    awk -v s="$1" 'BEGIN {
        if (s < 0.01) printf("%.1f ms", 1000 * s)
        else if (s < 1) printf("%.0f ms", 1000 * s)
        else printf("%.1f s", s)
    }'
}

decimals() { awk -v x="$1" -v n="$2" 'BEGIN { printf("%.*f", n, x) }'; } # NUMBER DIGITS

processor() { # the model's name and how many there are
    name=$(sed -n 's/^model name[[:space:]]*: *//p' /proc/cpuinfo 2>/dev/null | head -n 1)
    echo "${name:-$(uname -m)}, $(getconf _NPROCESSORS_ONLN) processors"
}
