"""Layouts that tables come in, read rightly: small examples of our own, and files of public reports."""

from __future__ import annotations

import copy
import math
import pickle
from typing import Any

import numpy as np
import pytest

from nnplay.datasets import Table, read_table
from tests import ROOT
from tests.datasets.generated_tables import generated

NAN = math.nan
CASES: list[Any] = []


def case(name: str, content: str | bytes, wanted: dict[str, list[Any]], **said: Any) -> None:
    """Add a table, and what its columns begin with: words, or numbers."""
    CASES.append(pytest.param(content, wanted, said, id=name))


case(
    "de thousands+decimal",
    "a;b\n" + "".join(f"1.{k:03d},5;{k},25\n" for k in range(10)),
    {"a": [1000.5, 1001.5], "b": [0.25, 1.25]},
)
case("de thousands only w bare", "a;b\n916;x\n1.144;y\n12.345;x\n88;y\n", {"a": [916, 1144, 12345, 88]})
case("de thousands mio", "a;b\n1.234.567;x\n2.345.678;y\n1.000;z\n", {"a": [1234567, 2345678, 1000]})
case("decimal 3 digits", "a,b\n1.234,x\n2.345,y\n0.567,z\n", {"a": [1.234, 2.345, 0.567]})
case("decimal 3 digits all ambiguous comma sep", "a,b\n1.234,x\n2.345,y\n", {"a": [1.234, 2.345]})
case("comma amb quoted", 'a,b\n"1,234",x\n"2,345",y\n', {"a": [1234, 2345]})
case("semicolon comma amb", "a;b\n1,234;x\n2,345;y\n", {"a": [1.234, 2.345]})
case("tab us thousands", "a\tb\n1,234\tx\n2,345\ty\n916\tz\n", {"a": [1234, 2345, 916]})
case("tab us thousands2", "a\tb\n1,234\t1.5\n2,345\t2.5\n", {"a": [1234, 2345]})
case("swiss", "a;b\n1'234.50;x\n12'345.75;y\n999.10;z\n", {"a": [1234.5, 12345.75, 999.1]})
case("swiss typographic", "a;b\n1’234.50;x\n12’345.75;y\n1’234’567.10;z\n", {"a": [1234.5, 12345.75, 1234567.1]})
case("swiss ints", "a,b\n1'234,x\n12'345,y\n999,z\n", {"a": [1234, 12345, 999]})
case(
    "lakh",
    'a,b\n"1,00,000",x\n"12,34,567",y\n"5,000",z\n"1,23,45,678.50",z\n',
    {"a": [100000, 1234567, 5000, 12345678.5]},
)
case("neg paren", 'a,b\n"(1,234)",x\n"2,345",y\n(5),z\n', {"a": [-1234, 2345, -5]})
case("neg paren dollar", 'a,b\n($5.50),x\n$7.25,y\n"($1,234.00)",z\n', {"a": [-5.5, 7.25, -1234]})
case("trailing minus", "a;b\n12,5-;x\n7,25;y\n1.234,00-;z\n", {"a": [-12.5, 7.25, -1234]})
case("percent", "a,b\n45%,x\n7.5%,y\n100 %,z\n", {"a": [45, 7.5, 100]})
case("percent de", "a;b\n45,1 %;x\n7,5 %;y\n100,0 %;z\n", {"a": [45.1, 7.5, 100]})
case("unicode minus", "a,b\n−5,x\n–7.5,y\n3,z\n", {"a": [-5, -7.5, 3]})
case(
    "mixed quoting",
    'a,b,c\n"1",2,"x, y"\n3,"4",z\n5,6,"say ""hi"""\n',
    {"a": [1, 3, 5], "b": [2, 4, 6], "c": ["x, y", "z", 'say "hi"']},
)
case(
    "single quotes",
    "a,b,c\n1,'x, y',2\n2,'z, w',3\n3,'u, v',4\n4,'k, l',4\n",
    {"a": [1, 2, 3, 4], "b": ["x, y", "z, w", "u, v", "k, l"], "c": [2, 3, 4, 4]},
)
case(
    "backslash escape",
    'a,b,c\n1,"say \\"hi, you\\"",2\n2,"no",3\n3,"x \\"y\\"",4\n',
    {"a": [1, 2, 3], "b": ['say "hi, you"', "no", 'x "y"'], "c": [2, 3, 4]},
)
case("pipe", "a|b|c\n1|2.5|x\n2|3.5|y\n", {"a": [1, 2], "b": [2.5, 3.5]})
case(
    "pipe markdown",
    "| a | b | c |\n|---|---:|:--|\n| 1 | 2.5 | x |\n| 2 | 3.5 | y |\n",
    {"a": [1, 2], "b": [2.5, 3.5], "c": ["x", "y"]},
)
case(
    "fixed width",
    "city           pop  area\nNew York       8.4  300\nLos Angeles    3.9  500\nSan Jose       1.0  180\n",
    {"city": ["New York", "Los Angeles", "San Jose"], "pop": [8.4, 3.9, 1.0]},
)
case("leading blanks", "   1.0   2.0   3.0\n  10.5  20.5  30.5\n", {"column 1": [1, 10.5], "column 3": [3, 30.5]})
case("double tabs", "a\t\tb\tc\n1\t2\t\t3\n4\t5\t6\n", {"a": [1, 4], "b": [2, 5], "c": [3, 6]})
case("tabs with gaps", "a\tb\tc\n1\t\t3\n4\t5\t\n7\t8\t9\n", {"a": [1, 4, 7], "b": [NAN, 5, 8], "c": [3, NAN, 9]})
for enc in ("utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-le", "utf-32-be", "utf-8-sig", "cp1252", "utf-8"):
    case(
        "enc " + enc,
        "größe;art\n1,5;wässer\n2,5;öl\n3,5;öl\n".encode(enc),
        {"größe": [1.5, 2.5, 3.5], "art": ["wässer", "öl", "öl"]},
    )
case("utf16 bom be", b"\xfe\xff" + "größe;art\n1,5;wässer\n2,5;öl\n".encode("utf-16-be"), {"größe": [1.5, 2.5]})
case("mac line ends", "a,b\r1,2\r3,4\r", {"a": [1, 3], "b": [2, 4]})
case("ctrl z", b"a,b\r\n1,2\r\n3,4\r\n\x1a", {"a": [1, 3], "b": [2, 4]})
case("footer total", "item,price,n\nx,1.5,2\ny,2.5,3\nz,4.5,4\nTotal,8.5,9\n", {"price": [1.5, 2.5, 4.5]})
case("footer source", "item,price,n\nx,1.5,2\ny,2.5,3\nz,4.5,4\n\nSource: nowhere\n", {"price": [1.5, 2.5, 4.5]})
case(
    "footer source w commas",
    'item,price,n\nx,1.5,2\ny,2.5,3\nz,4.5,4\n\n"Source: nowhere, 2020",,\n',
    {"price": [1.5, 2.5, 4.5]},
)
case(
    "units row",
    "name,height,weight\n,cm,kg\nx,180,70\ny,170,60\nz,160,50\n",
    {"height": [180, 170, 160], "weight": [70, 60, 50]},
)
case(
    "units row2",
    "time;speed\n[s];[m/s]\n0,0;1,5\n0,1;2,5\n0,2;3,5\n",
    {"time": [0, 0.1, 0.2], "speed": [1.5, 2.5, 3.5]},
)
case(
    "two header rows",
    "2019,,2020,\nmin,max,min,max\n1,2,3,4\n5,6,7,8\n9,10,11,12\n",
    {"2019 min": [1, 5, 9], "2019 max": [2, 6, 10], "2020 min": [3, 7, 11], "2020 max": [4, 8, 12]},
)
case("dup names", "a,a,a\n1,2,3\n4,5,6\n", {"a": [1, 4], "a (2)": [2, 5], "a (3)": [3, 6]})
case("empty names", ",x,,y\n0,1,2,3\n1,4,5,6\n", {"column 1": [0, 1], "x": [1, 4], "column 3": [2, 5], "y": [3, 6]})
case("dates", "date,v\n2020-01-01,1\n2020-01-02,2\n", {"date": ["2020-01-01", "2020-01-02"], "v": [1, 2]})
case("de dates", "Datum;v\n01.02.2020;1,5\n02.02.2020;2,5\n", {"Datum": ["01.02.2020", "02.02.2020"], "v": [1.5, 2.5]})
case(
    "dates no header",
    "2020-01-01,1\n2020-01-02,2\n2020-01-03,3\n",
    {"column 1": ["2020-01-01", "2020-01-02", "2020-01-03"], "column 2": [1, 2, 3]},
)
case("times", "t,v\n10:00,1\n10:30,2\n", {"t": ["10:00", "10:30"], "v": [1, 2]})
case(
    "datetimes",
    "t,v\n2020-01-01 10:00:00,1.5\n2020-01-01 11:00:00,2.5\n",
    {"t": ["2020-01-01 10:00:00", "2020-01-01 11:00:00"], "v": [1.5, 2.5]},
)
case("bools", "ok,v\ntrue,1\nfalse,2\nTRUE,3\n", {"ok": ["true", "false", "TRUE"], "v": [1, 2, 3]})
case("zip", "zip,v\n01234,1\n10115,2\n04109,3\n", {"zip": ["01234", "10115", "04109"], "v": [1, 2, 3]})
case("sci", "a,b\n1.5e-3,x\n2E5,y\n-3.25e+02,z\n", {"a": [0.0015, 2e5, -325]})
case("sci de", "a;b\n1,5E-03;x\n2,25E+05;y\n", {"a": [0.0015, 225000]})
case("fortran", "a b\n1.5D-03 2\n2.5D+05 3\n", {"a": [0.0015, 250000]})
for m in [
    "NA",
    "N/A",
    "-",
    "--",
    "?",
    "null",
    "NULL",
    "nan",
    "NaN",
    "#N/A",
    "",
    "None",
    "n/a",
    ".",
    "NULL",
    "<NA>",
    "\\N",
]:
    case("gap " + m, f"a,b\n1,x\n{m},y\n3,z\n4,w\n", {"a": [1, NAN, 3, 4]})
case("-999 kept", "a,b\n1,x\n-999,y\n3,z\n", {"a": [1, -999, 3]})
case("-999 told", "a,b\n1,x\n-999,y\n3,z\n", {"a": [1, NAN, 3]}, missing="-999")
case("-999 told2", "a,b\n1,x\n-999,y\n3,z\n", {"a": [1, NAN, 3]}, missing=["-999", "NA"])
case("quoted seps", 'a,b\n"x, y, z",1\n"u; v",2\n"k|l",3\n', {"a": ["x, y, z", "u; v", "k|l"], "b": [1, 2, 3]})
case("ragged", "a,b,c\n1,2,3\n4,5\n6,7,8\n9,10,11,12\n1,1,1\n", {"a": [1, 4, 6, 1], "c": [3, NAN, 8, 1]})
case(
    "comments mid",
    "a,b\n1,2\n# a note, here\n3,4\n#5,6\n7,8\n9,9\n1,1\n2,2\n3,3\n4,4\n5,5\n6,6\n",
    {"a": [1, 3, 7, 9, 1, 2, 3, 4, 5, 6]},
)
case("savetxt header", "# a b c\n1.0 2.0 3.0\n4.0 5.0 6.0\n", {"a": [1, 4], "b": [2, 5], "c": [3, 6]})
case("savetxt header ,", "# a,b,c\n1.0,2.0,3.0\n4.0,5.0,6.0\n", {"a": [1, 4], "b": [2, 5], "c": [3, 6]})
case("hash header", "#id,name,v\n1,x,2.5\n2,y,3.5\n3,z,4.5\n", {"id": [1, 2, 3], "name": ["x", "y", "z"]})
case("percent comments", "% matlab\n% more, text\na,b\n1,2\n3,4\n", {"a": [1, 3]})
case("blank lines between", "a,b\n\n1,2\n\n\n3,4\n\n", {"a": [1, 3]})
case(
    "preamble text",
    "Report of sales\nGenerated: 2020-01-01\n\ncity,area,pop\nx,1.5,2\ny,2.5,3\nz,3.5,4\n",
    {"area": [1.5, 2.5, 3.5]},
)
case(
    "preamble w commas",
    "Report, of sales\nx: y\n\ncity,area,pop\nx,1.5,2\ny,2.5,3\nz,3.5,4\n",
    {"area": [1.5, 2.5, 3.5]},
)
case("preamble padded excel", "Report;;\n;;\ncity;area;pop\nx;1,5;2\ny;2,5;3\nz;3,5;4\n", {"area": [1.5, 2.5, 3.5]})
case("years no country header", "2019,2020,2021\n1.5,2.5,3.5\n4.5,5.5,6.5\n", {"2019": [1.5, 4.5], "2021": [3.5, 6.5]})
case("no header numbers", "1,2,3\n4,5,6\n7,8,10\n", {"column 1": [1, 4, 7]})
case("no header years data", "2019,5,7\n2020,6,8\n2021,7,9\n", {"column 1": [2019, 2020, 2021]})
case(
    "no header iris",
    "5.1,3.5,1.4,0.2,Iris-setosa\n4.9,3.0,1.4,0.2,Iris-setosa\n6.2,3.4,5.4,2.3,Iris-virginica\n",
    {"column 1": [5.1, 4.9, 6.2], "column 5": ["Iris-setosa", "Iris-setosa", "Iris-virginica"]},
)
case("range header", "0,1,2,3\n5.1,3.5,1.4,0.2\n4.9,3.0,1.4,0.2\n", {"0": [5.1, 4.9], "3": [0.2, 0.2]})
case("pandas idx", ",a,b\n0,1.5,2\n1,2.5,3\n", {"a": [1.5, 2.5], "column 1": [0, 1]})
case("row names tab", "x\ty\nr1\t1.5\t2\nr2\t2.5\t3\nr3\t3.5\t4\n", {"x": [1.5, 2.5, 3.5], "y": [2, 3, 4]})
case("row names csv", '"x","y"\n"r1",1.5,2\n"r2",2.5,3\n"r3",3.5,4\n', {"x": [1.5, 2.5, 3.5], "y": [2, 3, 4]})
case("one column", "x\n1.5\n2.5\n3.5\n", {"x": [1.5, 2.5, 3.5]})
case("one column de", "x\n1,5\n2,5\n3,5\n4,25\n", {"x": [1.5, 2.5, 3.5, 4.25]})
case("one column words", "name\nbob\nann\neve\n", {"name": ["bob", "ann", "eve"]})
case("huge cell", "a,b\n1," + "x" * 100000 + "\n2,y\n", {"a": [1, 2]})
case("kg", "a,b\n5 kg,x\n7.5 kg,y\n", {"a": [5, 7.5]})
case("euro suffix", "a;b\n1.234,50 €;x\n7,25 €;y\n", {"a": [1234.5, 7.25]})
case("EUR code", "a;b\nEUR 1.234,50;x\nEUR 7,25;y\n", {"a": [1234.5, 7.25]})
case("CHF", "a;b\nCHF 1'234.50;x\nCHF 7.25;y\n", {"a": [1234.5, 7.25]})
case("pounds neg", 'a,b\n"-£1,234.50",x\n£7.25,y\n', {"a": [-1234.5, 7.25]})
case("rupees lakh", 'a,b\n"₹1,00,000",x\n"₹25,000",y\n', {"a": [100000, 25000]})
case("yen", "a,b\n¥1000,x\n¥2500,y\n", {"a": [1000, 2500]})
case("nbsp thousands dot", "a;b\n1\xa0234.5;x\n12\xa0345.75;y\n", {"a": [1234.5, 12345.75]})
case("thin", "a;b\n1\u2009234,5;x\n12\u2009345,75;y\n", {"a": [1234.5, 12345.75]})
case("plus", "a,b\n+5,x\n-3,y\n", {"a": [5, -3]})
case("excel leading zero", 'a,b\n="007",1\n="012",2\n', {"a": ['="007"', '="012"']})
case("whole quoted lines", '"a,b,c"\n"1,2,""x"""\n"3,4,""y"""\n"5,6,z"\n', {"a": [1, 3, 5], "c": ["x", "y", "z"]})
case("colon", "a:b\n1:2\n3:4\n", {"a": [1, 3]})
case("unclosed quote", 'a,b,c\n1,5" pipe,2\n2,"6 pipe,3\n3,7 pipe,4\n4,x,5\n5,y,6\n', {"a": [1, 2, 3, 4, 5]})
case("header False", "a,b\n1,2\n3,4\n", {"column 1": ["a", "1", "3"]}, header=False)
case("header True", "1,2\n3,4\n5,6\n", {"1": [3, 5]}, header=True)
case("skip", "junk,x\nmore,x\na,b\n1,2\n3,4\n", {"a": [1, 3]}, skip=2)
case("told decimal", "a;b\n1.234;x\n2.345;y\n", {"a": [1234, 2345]}, decimal=",")
case("told thousands", "a;b\n1.234;x\n2.345;y\n", {"a": [1234, 2345]}, thousands=".")
case("told decimal2", 'a,b\n"1,234",x\n"2,345",y\n', {"a": [1.234, 2.345]}, decimal=",")
case("told sep", "a;b,c\n1;2,3\n3;4,5\n", {"a;b": ["1;2", "3;4"], "c": [3, 5]}, separator=",")
case("told enc", "größe,b\n1,2\n".encode("cp1252"), {"größe": [1]}, encoding="latin-1")
case("thousands none", 'a,b\n"1,234",x\n5,y\n', {"a": ["1,234", "5"]}, thousands="")
case("mixed int & us", 'a,b\n"1,234",1.5\n"999",2.5\n"12,345,678",2.25\n', {"a": [1234, 999, 12345678]})
case(
    "ip",
    "ip,v\n192.168.1.10,1\n10.0.0.1,2\n192.168.100.200,3\n",
    {"ip": ["192.168.1.10", "10.0.0.1", "192.168.100.200"], "v": [1, 2, 3]},
)
case("version", "v,n\n1.2.3,1\n1.10.0,2\n", {"v": ["1.2.3", "1.10.0"]})
case("phone", "p,n\n030 123456,1\n040 654321,2\n", {"p": ["030 123456", "040 654321"]})
case(
    "long ids",
    "id,n\n12345678901234567890,1\n12345678901234567891,2\n",
    {"id": ["12345678901234567890", "12345678901234567891"]},
)
case("inf", "a,b\n1,x\ninf,y\n3,z\n4,u\n5,v\n", {"a": [1, NAN, 3, 4, 5]})
case(
    "semicolon text",
    "name;note;v\nx;a, b and c;1\ny;d, e;2\nz;f;3\n",
    {"note": ["a, b and c", "d, e", "f"], "v": [1, 2, 3]},
)
case("space quoted", 'a b\n"x y" 1\n"z w" 2\n', {"a": ["x y", "z w"], "b": [1, 2]})
case("arff-like %", "%x,y\n1,2\n3,4\n", {"%x": [1, 3]})
case("months 01", "month,v\n01,5\n02,6\n12,7\n", {"month": [1, 2, 12]})
case("units header", "height [cm],v\n180,1\n170,2\n", {"height [cm]": [180, 170]})
case("title+sep blank w=2", "My title\nx,y\n1,2\n3,4\n5,6\n", {"x": [1, 3, 5], "y": [2, 4, 6]})
case("words table header", "colour,size\nred,big\nblue,small\nred,small\n", {"colour": ["red", "blue", "red"]})
case("words no header", "p,x,s\ne,x,y\np,x,s\ne,b,s\n", {"column 1": ["p", "e", "p", "e"]})
case("text numbers words", "a,b\n12th,1\n13th,2\n", {"a": ["12th", "13th"]})
case("semicolon last line total", "Name;Wert\na;1,5\nb;2,5\nc;3,5\nSumme;7,5\n", {"Wert": [1.5, 2.5, 3.5]})
case("trailing semis", "a;b;\n1,5;2,5;\n2,5;3,5;\n", {"a": [1.5, 2.5], "b": [2.5, 3.5]})
case("many trailing", "a,b,,,\n1,2,,,\n3,4,,,\n", {"a": [1, 3], "b": [2, 4]})
case("latin dec comma quoted in comma csv", 'a,b\n"1,5",x\n"2,25",y\n"3,0",z\n', {"a": [1.5, 2.25, 3.0]})
case("quoted german in comma csv", 'a,b\n"1.234,5",x\n"2,25",y\n', {"a": [1234.5, 2.25]})
case("sep=tab", "sep=\t\na\tb\n1\t2\n3\t4\n", {"a": [1, 3]})
case("sep quoted", '"sep=;"\na;b\n1;2\n3;4\n', {"a": [1, 3]})
case("bom sep", "\ufeffsep=;\na;b\n1;2\n3;4\n".encode(), {"a": [1, 3]})
case("NaN float text", "a,b\n1.5,nan\n2.5,3\n", {"b": [NAN, 3]})
case("dot amb mixture ;", "a;b\n1.234;5\n12.345;6\n", {"a": [1.234, 12.345]})
case("id + dec comma tab", "id\tv\n1\t1,25\n2\t3,5\n", {"v": [1.25, 3.5]})
case("numbers decimals 3 with longer", "a;b\n1,234;x\n1500;y\n", {"a": [1.234, 1500]})
case("quoted numbers header", '"a","b"\n"1.5","2"\n"2.5","3"\n', {"a": [1.5, 2.5], "b": [2, 3]})
case("blank cell row with text below dbl", "x y\n1 2\n3 NA\n", {"y": [2, NAN]})
case(
    "padded preamble",
    "Station,X,\nLat,47.1,\n,,\nday,temp,rain\na,1.5,0\nb,2.5,3\nc,2.5,3\n",
    {"temp": [1.5, 2.5, 2.5]},
)
case("currency and thousands", "a;b\n€ 1.234;x\n€ 2.500;y\n€ 916;z\n", {"a": [1234, 2500, 916]})
case("accounting", 'a,b\n"$ 1,234.50 ",x\n"$ (7.25)",y\n$ -   ,z\n', {"a": [1234.5, -7.25, NAN]})
case("a mark", "a,b\n1.5*,x\n2.5,y\n3.5,z\n4.5,w\n5.5,u\n6.5,v\n", {"a": [NAN, 2.5, 3.5, 4.5, 5.5, 6.5]})
case("a quoted tab", 'a\tb\n"1,5"\t"x\ty"\n"2,5"\tz\n', {"a": [1.5, 2.5], "b": ["x\ty", "z"]})


@pytest.mark.parametrize(("content", "wanted", "said"), CASES)
def test_a_layout_is_read_rightly(content: str | bytes, wanted: dict[str, list[Any]], said: dict[str, Any]) -> None:
    check(read_table(content, **said), wanted)


def check(table: Table, wanted: dict[str, list[Any]]) -> None:
    assert set(wanted) <= set(table.names)
    for name, values in wanted.items():
        column = table.column(name)
        if isinstance(values[0], str):
            assert column.numbers is None
            assert list(column.texts[: len(values)]) == values
        else:
            assert column.numbers is not None, column.texts[:5]
            np.testing.assert_allclose(column.numbers[: len(values)], values)


@pytest.mark.parametrize("block", range(10))
def test_generated_tables_are_read_as_they_were_written_or_that_reading_is_offered(block: int) -> None:
    offered = 0
    for seed in range(60 * block, 60 * block + 60):
        written = generated(seed)
        table = read_table(written.content)
        if not are_equal(table, written.columns):
            others = [read_table(written.content, **doubt.options) for doubt in table.doubts]
            assert any(are_equal(other, written.columns) for other in others), written.description
            offered += 1
    assert offered <= 2


def are_equal(table: Table, columns: dict[str, Any]) -> bool:
    if table.names != list(columns):
        return False
    for name, values in columns.items():
        column = table.column(name)
        if isinstance(values[0], str):
            if column.numbers is not None or list(column.texts) != values:
                return False
        elif column.numbers is None or not np.array_equal(column.numbers, values, equal_nan=True):
            return False
    return True


# --- what is said -------------------------------------------------------------------------------------------


def test_the_dialect_that_was_found_reads_the_table_again() -> None:
    content = "Report of 2020\n\nname;size\na;1.234,5\nb;?\nc;7,25\nd;8\n".encode("cp1252")
    table = read_table(content)
    dialect = table.dialect
    assert (dialect.separator, dialect.decimal, dialect.thousands, dialect.header, dialect.skip, dialect.missing) == (
        ";", ",", ".", True, 2, ("?",),
    )  # fmt: skip
    again = read_table(
        content, separator=dialect.separator, decimal=dialect.decimal, thousands=dialect.thousands,
        header=dialect.header, skip=dialect.skip, encoding=dialect.encoding, missing=dialect.missing,
    )  # fmt: skip
    assert again.names == table.names
    np.testing.assert_array_equal(again.column("size").numbers, table.column("size").numbers)


@pytest.mark.parametrize(
    ("content", "option", "value", "note"),
    [
        ("a;b\n1,234;x\n2,345;y\n", "decimal", ".", "1,234 in 'a' was read as 1.234. It could also be 1234"),
        ('a,b\n"1,234",x\n"2,345",y\n', "decimal", ",", "1,234 in 'a' was read as 1234. It could also be 1.234"),
        ("c,2019,2020\nx,1.5,2.5\ny,2.5,3.5\n", "header", False, "was read as column names, although it holds numbers"),
        ("colour,size\nred,big\nblue,small\nred,small\n", "header", False, "No column holds numbers. The first row"),
    ],
)
def test_where_two_readings_are_open_the_note_says_which_was_taken_and_the_other_is_offered(
    content: str, option: str, value: Any, note: str
) -> None:
    table = read_table(content)
    assert any(note in said for said in table.notes), table.notes
    (doubt,) = table.doubts
    assert doubt.options[option] == value
    other = read_table(content, **doubt.options)
    assert [c.texts for c in other.columns] != [c.texts for c in table.columns] or any(
        not np.array_equal(a.numbers, b.numbers, equal_nan=True)
        for a, b in zip(other.columns, table.columns, strict=True)
        if a.numbers is not None and b.numbers is not None
    )


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"separator": "ab"}, "separator must be a single sign"),
        ({"separator": "a"}, "separator must be a single sign"),
        ({"separator": 3}, "separator must be a single sign"),
        ({"decimal": ";"}, r"decimal must be one of '\.', ','; got ';'"),
        ({"thousands": "x"}, "thousands must be one of"),
        ({"thousands": ".", "decimal": "."}, "thousands must differ from decimal"),
        ({"header": 3}, "header must be"),
        ({"skip": -1}, "skip must be an integer"),
        ({"skip": 99}, "skip must leave lines to read; got 99"),
        ({"encoding": "klingon"}, "encoding must be one of"),
        ({"encoding": "punycode"}, "encoding must be one of"),
        ({"encoding": 8}, "encoding must be a string"),
        ({"missing": [1]}, "missing must be a string or several"),
    ],
)
def test_an_option_that_makes_no_sense_is_refused(options: dict[str, Any], message: str) -> None:
    with pytest.raises((TypeError, ValueError), match=message):
        read_table("a,b\n1,2\n3,4\n", **options)


def test_bytes_that_are_no_letters_in_the_encoding_that_was_said_are_refused() -> None:
    with pytest.raises(ValueError, match="file must be text in ascii, as asked; got bytes"):
        read_table("größe,b\n1,2\n".encode(), encoding="ascii")


def test_what_is_no_text_is_refused() -> None:
    with pytest.raises(TypeError, match="content must be bytes or a string; got 3"):
        read_table(3)  # type: ignore[arg-type]


def test_a_table_can_be_copied_and_pickled() -> None:
    table = read_table("a,b\n1,x\n2,y\n")
    for other in (copy.deepcopy(table), pickle.loads(pickle.dumps(table))):
        assert other.names == table.names
        np.testing.assert_array_equal(other.column("a").numbers, [1, 2])


def test_a_column_that_is_not_there_is_named_with_those_that_are() -> None:
    with pytest.raises(ValueError, match=r"column must be one of 'mpg', 'hp'; got 'mgp'. Did you mean 'mpg'"):
        read_table("mpg,hp\n1,2\n3,4\n").column("mgp")


# --- cost ---------------------------------------------------------------------------------------------------


def rows(cell: str, count: int) -> str:
    return "a,b\n" + f"{cell},1\n" * count


@pytest.mark.parametrize(
    "cell",
    ["1" * 10_000 + "x", "1." * 5_000, "a." * 5_000, "-1.1e" * 3_000, "1,11," * 2_000, "(" * 9_000, "a@b." * 2_000],
)
def test_a_cell_costs_no_more_than_its_length(cell: str) -> None:
    """Of quadratic cost, one such cell took seconds; a hundred of them take some milliseconds."""
    import time

    read_table(rows('"1"', 3))
    start = time.thread_time()
    read_table(rows(f'"{cell}"', 100))
    assert time.thread_time() - start < 2


def test_lines_are_skipped_at_no_more_than_their_length() -> None:
    import time

    text = "x,y\n" * 900_000 + "a,b\n1,2\n3,4\n"
    start = time.thread_time()
    assert read_table(text, skip=900_000).names == ["a", "b"]
    assert time.thread_time() - start < 5  # copied line by line, it took minutes


@pytest.mark.parametrize("text", ["12," * 1_600_000, "1\t" * 2_400_000, "1 " * 2_400_000, '"",' * 1_600_000])
def test_a_line_of_millions_of_cells_is_refused_before_they_are_made(text: str) -> None:
    import tracemalloc

    tracemalloc.start()
    try:
        with pytest.raises(ValueError, match=r"at most 50 columns; got|got nothing"):
            read_table(text)
        assert tracemalloc.get_traced_memory()[1] < 100e6
    finally:
        tracemalloc.stop()


# --- files of public reports, where they are beside the repository ------------------------------------------

SHARED = ROOT.parent / "shared" / "cases"


FILES: dict[str, tuple[int, dict[str, list[Any]]]] = {
    "01_us_thousands.csv": (40, {"area": [600, 637], "population": [300, 375], "price": [90_000, 102_740]}),
    "01b_us_thousands_decimals.csv": (30, {"size": [3, 4], "weight": [137.5, 275], "cost": [2468, 3702]}),
    "03_r_write_table.txt": (32, {"wt": [2.0, 2.05], "hp": [60, 65], "mpg": [35.0, 34.4]}),
    "03b_r_write_table_numbered.txt": (32, {"wt": [2.0, 2.05], "hp": [60, 65], "mpg": [35.0, 34.4]}),
    "04_excel_sep.csv": (40, {"laenge": [4.0, 4.05], "breite": [2.0, 2.7], "art": ["blau", "rot"]}),
    "04b_excel_sep_comma.csv": (40, {"length": [4.0, 4.05], "width": [2.0, 2.7], "kind": ["blue", "red"]}),
    "05_auto-mpg.data": (60, {"column 1": [35.0, 34.7], "column 8": [1, 2], "column 9": ["maker model 0"]}),
    "05b_auto-mpg_words.data": (60, {"column 1": [35.0, 34.7], "column 9": ["maker malibu", "brand skylark 320"]}),
    "06_seeds_dataset.txt": (60, {"column 1": [14.0, 14.05], "column 8": [1, 1]}),
    "07_de_header_commas.csv": (40, {"Höhe, cm": [150, 151.25], "Gewicht, kg": [50, 60.5], "Umfang, cm": [70, 73.3]}),
    "07b_de_one_header_comma.csv": (40, {"Name": ["p0"], "Höhe, cm": [150, 151.25], "Gewicht": [50], "Art": ["b"]}),
    "07c_space_decimal_comma.txt": (40, {"X": [150, 151.25], "Y": [50, 60.5], "Z": [2, 2.13]}),
    "08_noaa_preamble.csv": (60, {"year": [1960, 1961], "mean": [316, 317.31], "unc": [0.12, 0.12]}),
    "09_year_header.csv": (30, {"country": ["land 0"], "2019": [10.0], "2020": [11.0], "2021": [12.0]}),
    "10_multiline.csv": (40, {"id": [0, 1], "stars": [1, 2], "length": [100, 137]}),
    "11_fr_narrow_nbsp.csv": (40, {"surface": [20, 22.5], "loyer": [400, 433.25], "prix": [90_000, 95_123.5]}),
    "11b_fr_nbsp_cp1252.csv": (40, {"surface": [20, 22.5], "loyer": [400, 433.25], "prix": [90_000, 95_123.5]}),
    "11c_fr_space.csv": (40, {"surface": [20, 22.5], "loyer": [400, 433.25], "prix": [90_000, 95_123.5]}),
    "12_currency.csv": (24, {"price": [123.45, 246.9], "deposit": [10, 15], "kind": ["a", "b"]}),
    "13_ean_labels.csv": (40, {"x": [0, 0.1], "product": [4006381333931, 4006381333932]}),
    "13b_leading_zero_labels.csv": (40, {"x": [0, 0.1], "code": ["007", "07", "7"]}),
    "14_adult.test.txt": (80, {"column 1": [20, 21], "column 2": ["Private"], "column 9": [">50K.", "<=50K."]}),
    "15_titanic.csv": (80, {"PassengerId": [1, 2], "Survived": [1, 0], "Age": [5, 16, NAN], "Embarked": ["S", "C"]}),
    "16_trailing_delimiter.csv": (30, {"a": [0, 1], "b": [0, 2], "c": [0, 3]}),
    "16b_trailing_delimiter_rows_only.csv": (30, {"a": [0, 5], "b": [0, 2], "c": [0, 3]}),
    "17_utf16_excel_unicode.txt": (20, {"größe": [0, 1.5], "art": ["wässer", "öl"]}),
    "17b_utf32.csv": (20, {"a": [0, 1], "b": [0, 2], "c": [0, 1]}),
    "18_excel_formula_text.csv": (30, {"x": [0, 1.5], "y": [0, 2], "kind": ["b", "a"]}),
    "19_penguins.csv": (60, {"species": ["Adelie"], "bill_length_mm": [38, 38.4, 38.8, NAN], "year": [2007, 2008]}),
    "20_winequality.csv": (60, {"fixed acidity": [7, 7.03], "alcohol": [9, 9.7], "quality": [3, 8]}),
    "21_zero_inflated.csv": (24, {"temp": [10, 10.7], "humidity": [40, 53], "rain": [0.1, 0.1]}),
    "22_replace_a.csv": (40, {"x1": [0, 0.1], "x2": [0, 7], "y": [0.5, 3.5]}),
    "22_replace_b.csv": (40, {"x1": [0, 1], "x2": [0, 70], "y": [0.5, 30.5]}),
}
#: How many columns those have that are named in part above.
N_COLUMNS = {"05_auto-mpg.data": 9, "06_seeds_dataset.txt": 8, "16_trailing_delimiter.csv": 3, "10_multiline.csv": 4}


there_only = pytest.mark.skipif(not SHARED.exists(), reason=f"the files of public reports aren't there: {SHARED}")


@there_only
@pytest.mark.parametrize("name", FILES if SHARED.exists() else ["none"])
def test_a_file_of_a_public_report_is_read_rightly(name: str) -> None:
    table = read_table((SHARED / name).read_bytes())
    n_rows, wanted = FILES[name]
    assert table.n_rows == n_rows
    assert len(table.names) == N_COLUMNS.get(name, len(table.names))
    check(table, wanted)


@there_only
def test_no_file_of_a_public_report_is_forgotten() -> None:
    assert {path.name for path in SHARED.iterdir()} - {"README.md"} == set(FILES)
