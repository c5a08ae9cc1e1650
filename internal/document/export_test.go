package document

// Plain says whether a document of that kind is taken, as far as can be seen in it.
func Plain(kind MediaType, content []byte) bool { return kind.holds(content) && kind.plain(content) }

// Occupy runs f while another picture is in memory.
func Occupy(f func()) {
	cleaning <- struct{}{}
	defer func() { <-cleaning }()
	f()
}
