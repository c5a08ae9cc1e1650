package document

// Plain says whether a document of that kind is taken, as far as can be seen in it.
func Plain(kind MediaType, content []byte) bool { return kind.holds(content) && kind.plain(content) }

// Orientation is how a JPEG says that it was held.
var Orientation = orientation

// Occupy runs f while another picture is in memory.
func Occupy(f func()) {
	cleaning <- struct{}{}
	defer func() { <-cleaning }()
	f()
}
