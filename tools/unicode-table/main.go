// Prints src/object/unicode_table.inc: the letters and decimal digits of Unicode outside ASCII, as
// Go's package unicode has them.
//
//	go run tools/unicode-table/main.go > src/object/unicode_table.inc
package main

import (
	"fmt"
	"unicode"
)

func print(name string, table *unicode.RangeTable) {
	fmt.Printf("constexpr Range %s[] = {\n", name)
	line := "   "
	first := rune(-1)
	for r := rune(0x80); r <= unicode.MaxRune+1; r++ {
		in := r <= unicode.MaxRune && unicode.Is(table, r)
		if in && first < 0 {
			first = r
		}
		if in || first < 0 {
			continue
		}
		item := fmt.Sprintf(" {0x%X, 0x%X},", first, r-1)
		if len(line)+len(item) > 100 {
			fmt.Println(line)
			line = "   "
		}
		line += item
		first = -1
	}
	fmt.Printf("%s\n};\n", line)
}

func main() {
	fmt.Printf("// Unicode %s, written by tools/unicode-table.\n", unicode.Version)
	print("kLetters", unicode.Letter)
	print("kDigits", unicode.Nd)
}
