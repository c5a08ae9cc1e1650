package people

import "strings"

// words splits a list that is written as text; an underscore stands for a space.
func words(list string) []string {
	all := strings.Fields(list)
	for i := range all {
		all[i] = strings.ReplaceAll(all[i], "_", " ")
	}
	return all
}

var women = words(`Anne Inger Kari Marit Ingrid Liv Eva Berit Astrid Bjørg Hilde Anna Solveig Marianne
	Randi Ida Nina Maria Elisabeth Kristin Bente Heidi Silje Hanne Linda Tone Gerd Elin Anita Wenche
	Camilla Ragnhild Ellen Karin Hege Ann_Kristin Julie Mona Marte Monica Aud Stine Camilla Malin Emma
	Nora Sara Sofie Thea Ingeborg Frida Line Maja Emilie Amalie Vilde Tuva Synne Jorunn Turid Unni Laila
	Trine Mari Guro Sunniva Oda Siri Åse Grete Fatima Amina Aisha Zainab Agnieszka Katarzyna Olena Ngoc`)

var men = words(`Jan Per Bjørn Ole Lars Kjell Knut Arne Svein Thomas Hans Geir Tor Morten Terje Odd Erik
	Martin Andreas John Anders Rune Trond Tore Daniel Jon Kristian Marius Magnus Tom Harald Olav Stian
	Øyvind Rolf Espen Leif Gunnar Nils Christian Helge Einar Alexander Jonas Fredrik Håkon Kristoffer
	Henrik Kåre Frode Øystein Dag Steinar Sindre Eirik Roger Egil Kenneth Sverre Stein Sigurd Emil Oskar
	Jakob William Mathias Lucas Isak Vegard Amund Torbjørn Jarle Roar Audun Ahmed Mohammed Ali Hassan
	Piotr Tomasz Andrzej Mykola Minh`)

var families = words(`Hansen Johansen Olsen Larsen Andersen Pedersen Nilsen Kristiansen Jensen Karlsen
	Johnsen Pettersen Eriksen Berg Haugen Hagen Johannessen Andreassen Jacobsen Dahl Jørgensen Halvorsen
	Henriksen Lund Sørensen Jakobsen Moen Gundersen Iversen Strand Solberg Svendsen Eide Knutsen Martinsen
	Bakken Paulsen Kristoffersen Mathisen Lie Amundsen Rasmussen Nguyen Lunde Solheim Moe Berge Kristensen
	Nygård Bakke Fredriksen Holm Lien Hauge Christensen Andresen Knudsen Nielsen Evensen Haugland Sæther
	Aas Myhre Hanssen Ali Thomassen Sivertsen Simonsen Berntsen Danielsen Rønning Sandvik Arnesen Ahmed
	Næss Vik Antonsen Haug Ellingsen Edvardsen Thorsen Gulbrandsen Isaksen Birkeland Ruud Aasen Ødegård
	Khan Strøm Eliassen Tangen Mikkelsen Helland Brekke Jenssen Engen Myklebust Nordli Wold Tveit Breivik
	Fossum Hovland Kvam Skaar Sletten Vatne Rød Bøe Nowak Kowalczyk Kovalenko`)

var streets = words(`Storgata Kirkeveien Skolegata Bjørkeveien Granveien Solbakken Parkveien Industriveien
	Strandgata Furuveien Kongens_gate Dronningens_gate Skogveien Stasjonsveien Fjordveien Åsveien Elvegata
	Nygata Havnegata Solveien Lindeveien Rosenveien Sjøgata Torggata Skippergata Markveien Idrettsveien
	Tunveien Myrveien Haugveien Øvre_gate Nedre_gate Prestegårdsveien Bekkeveien Blåklokkeveien Tyttebærstien
	Ospeveien Rådhusgata Vestre_gate Fagerlia Heiveien Fjellveien Kvernveien Møllergata Liaveien Selvaagveien`)

// towns are postal codes with their names. A star marks those where nynorsk is common.
var towns = words(`0150:OSLO 0252:OSLO 0354:OSLO 0459:OSLO 0556:OSLO 0661:OSLO 0870:OSLO 0982:OSLO 1061:OSLO
	1207:OSLO 1338:SANDVIKA 1383:ASKER 1400:SKI 1470:LØRENSKOG 1530:MOSS 1606:FREDRIKSTAD 1706:SARPSBORG
	1771:HALDEN 2000:LILLESTRØM 2050:JESSHEIM 2208:KONGSVINGER 2317:HAMAR 2406:ELVERUM 2609:LILLEHAMMER
	2815:GJØVIK 3015:DRAMMEN 3044:DRAMMEN 3111:TØNSBERG 3187:HORTEN 3211:SANDEFJORD 3256:LARVIK 3510:HØNEFOSS
	3616:KONGSBERG 3717:SKIEN 3915:PORSGRUNN 4006:STAVANGER 4021:STAVANGER 4307:SANDNES 4344:BRYNE*
	4610:KRISTIANSAND_S 4630:KRISTIANSAND_S 4836:ARENDAL 5003:BERGEN 5035:BERGEN 5063:BERGEN 5145:FYLLINGSDALEN
	5411:STORD* 5527:HAUGESUND 5700:VOSS* 5750:ODDA* 6003:ÅLESUND 6413:MOLDE 6508:KRISTIANSUND_N 6783:STRYN*
	6800:FØRDE* 6856:SOGNDAL* 6100:VOLDA* 7012:TRONDHEIM 7030:TRONDHEIM 7044:TRONDHEIM 7500:STJØRDAL
	7715:STEINKJER 8006:BODØ 8514:NARVIK 8622:MO_I_RANA 9008:TROMSØ 9405:HARSTAD 9510:ALTA 9600:HAMMERFEST`)

// Names of businesses: a word, a trade, and a form unless it is a sole proprietorship.
var (
	firmWords  = words(`Nordvik Solhaug Furulia Bekkestua Måkeskjær Vestlia Granly Tangen Ekelund Skogvang Breidablikk Lillehagen Storvik Åsheim Myrvang Hegrelia`)
	firmTrades = words(`Bygg Transport Regnskap Frisør Renhold Bilpleie Snekkeri Catering Elektro Maling Hage_og_Anlegg Kafé Blomster Rør Data Eventyr`)
)
