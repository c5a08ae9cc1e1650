package paper

// Column is a column of a table: its header, its share of the width in millimetres (170 in all), and
// whether it holds amounts, which stand to the right.
type Column struct {
	Header string
	Width  float64
	Amount bool
}

// Table writes a table. A row has as many texts as there are columns, and stays on one page. The header
// is drawn again on each page.
func (s *Sheet) Table(columns []Column, rows [][]string) {
	s.rows = nil
	table := s.tree.root.add("Table")
	heads := make([]string, len(columns))
	for i, c := range columns {
		heads[i] = c.Header
	}
	s.row(columns, heads, "B", func() func() *element {
		row := table.add("TR")
		return func() *element { return row.header("Column") }
	}())
	for _, texts := range rows {
		s.pdf.SetFont("go", "", bodySize)
		if s.pdf.GetY()+s.height(columns, texts) > pageHeight-margin {
			s.pdf.AddPage()
			s.tree.artifact(func() { s.row(columns, heads, "B", nil) })
		}
		row := table.add("TR")
		s.row(columns, texts, "", func() *element { return row.add("TD") })
	}
	s.Space()
}

// height returns how many millimetres a row takes.
func (s *Sheet) height(columns []Column, texts []string) float64 {
	lines := 1
	for i, c := range columns {
		lines = max(lines, len(s.pdf.SplitText(printable(texts[i]), c.Width)))
	}
	return float64(lines) * lineHeight
}

// row draws a row, each cell as an element of its own; nil: as none.
func (s *Sheet) row(columns []Column, texts []string, style string, cell func() *element) {
	s.pdf.SetFont("go", style, bodySize)
	if s.pdf.GetY()+s.height(columns, texts) > pageHeight-margin {
		s.pdf.AddPage()
	}
	x, y, below := margin, s.pdf.GetY(), 0.0
	for i, c := range columns {
		align := "L"
		if c.Amount {
			align = "R"
		}
		draw := func() { s.pdf.MultiCell(c.Width, lineHeight, printable(texts[i]), "", align, false) }
		s.pdf.SetXY(x, y)
		if cell == nil {
			draw()
		} else {
			s.write(cell(), draw)
		}
		x, below = x+c.Width, max(below, s.pdf.GetY())
	}
	s.pdf.SetXY(margin, below)
}
