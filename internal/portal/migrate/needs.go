package migrate

import (
	"strconv"
	"strings"
)

// Newest returns the number of the newest migration, which the database of a service of this
// version has had.
func Newest() int64 {
	files, err := migrations.ReadDir("sql")
	if err != nil || len(files) == 0 {
		return 0 // it is embedded
	}
	number, _, _ := strings.Cut(files[len(files)-1].Name(), "_")
	newest, _ := strconv.ParseInt(number, 10, 64) // a test holds it against a database
	return newest
}
