package sasl

import (
	"encoding/hex"
	"fmt"
	"strings"
)

// Every computed value can be computed again by anybody: a command for a shell,
// which needs nothing but the standard library of Python 3, prints it.

// maxCommand bounds a command in bytes; a longer one would help nobody.
const maxCommand = 8 << 10

// modules are what an expression may need, by the name it uses.
var modules = [...]string{"base64", "hashlib", "hmac", "stringprep", "unicodedata"}

// command is the shell command that prints the value of a Python expression.
func command(expr string) string {
	var imports []string
	for _, m := range modules {
		if strings.Contains(expr, m+".") {
			imports = append(imports, m)
		}
	}
	c := "print(" + expr + ")"
	if imports != nil {
		c = "import " + strings.Join(imports, ", ") + "; " + c
	}
	if len(c) > maxCommand {
		return ""
	}
	return `python3 -c "` + c + `"`
}

// bytesLiteral writes bytes for Python inside double quotes of a shell: as text
// where neither could take a character for its own.
func bytesLiteral[T ~string | ~[]byte](data T) string {
	for _, c := range []byte(data) {
		switch {
		case c >= '0' && c <= '9', c >= 'A' && c <= 'Z', c >= 'a' && c <= 'z':
		case strings.IndexByte(" ,.=+/_:@-<>()[]{}*%#~|;^", c) >= 0:
		default:
			return "bytes.fromhex('" + hex.EncodeToString([]byte(data)) + "')"
		}
	}
	return "b'" + string(data) + "'"
}

// rawLiteral writes bytes that are no text.
func rawLiteral(data []byte) string { return "bytes.fromhex('" + hex.EncodeToString(data) + "')" }

// python is the name of the hash in hashlib.
func (h namedHash) python() string {
	if family, size, ok := strings.Cut(h.name, "-"); ok && family == "SHA3" {
		return "sha3_" + size
	}
	return strings.ToLower(strings.ReplaceAll(h.name, "-", ""))
}

// digestExpr and macExpr are expressions for raw bytes.
func (h namedHash) digestExpr(data string) string {
	return "hashlib." + h.python() + "(" + data + ").digest()"
}

func (h namedHash) macExpr(key, data string) string {
	return fmt.Sprintf("hmac.new(%s, %s, '%s').digest()", key, data, h.python())
}

// hexOf and base64Of print raw bytes.
func hexOf(expr string) string    { return command(expr + ".hex()") }
func base64Of(expr string) string { return command("base64.b64encode(" + expr + ").decode()") }

// md5Of prints an MD5 digest in hexadecimal.
func md5Of(expr string) string { return command("hashlib.md5(" + expr + ").hexdigest()") }

// prepCommand prints the SASLprep form of a text (RFC 4013 §2.1, §2.2).
func prepCommand(text string) string {
	return command("unicodedata.ucd_3_2_0.normalize('NFKC', ''.join(" +
		"' ' if stringprep.in_table_c12(c) else '' if stringprep.in_table_b1(c) else c for c in " +
		rawLiteral([]byte(text)) + ".decode()))")
}

// saltedCommand prints the key that a password gives (RFC 5802 §2.2 Hi).
func (h namedHash) saltedCommand(password string, salt []byte, iterations int) string {
	return hexOf(fmt.Sprintf("hashlib.pbkdf2_hmac('%s', %s, %s, %d)", h.python(), bytesLiteral(password), rawLiteral(salt), iterations))
}

// roundCommand prints U1 of PBKDF2, or the round that follows last.
func (h namedHash) roundCommand(password string, salt, last []byte) string {
	data := rawLiteral(last)
	if last == nil {
		data = rawLiteral(salt) + " + bytes([0, 0, 0, 1])"
	}
	return hexOf(h.macExpr(bytesLiteral(password), data))
}

// authCommand prints the AuthMessage of SCRAM, where it is text.
func authCommand(parts ...[]byte) string {
	var literals []string
	for _, p := range parts {
		literals = append(literals, bytesLiteral(p))
	}
	return command("b','.join([" + strings.Join(literals, ", ") + "]).decode()")
}
