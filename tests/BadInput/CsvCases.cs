using System.Text;

namespace Slipway.Tests.BadInput;

/// <summary>A CSV that can't be used, and what a person is told of it.</summary>
/// <param name="Name">What is wrong with it, in words.</param>
/// <param name="Csv">The file.</param>
/// <param name="Ingest">All that <c>slipway ingest</c> says; <see cref="Nothing"/> is added to lists of rows. Null: it loads.</param>
/// <param name="Infer">All that <c>slipway dataset infer</c> says; null: it writes a specification.</param>
public sealed record CsvCase(string Name, byte[] Csv, string? Ingest, string? Infer)
{
    private const string Header = "id,full_name,age,gender,device_type,ad_position,browsing_history,time_of_day,click\n";

    /// <summary>Two rows that are good.</summary>
    private const string Good = "1,Ann,30,Female,Desktop,Top,Shopping,Night,1\n2,Bob,40,Male,Mobile,Side,News,Morning,0\n";

    /// <summary>The table. <c>…</c> at the end of a message stands for the words that follow every list of bad rows.</summary>
    public static IReadOnlyList<CsvCase> All { get; } =
    [
        new("an empty file", [],
            "bad.csv, line 1: the file is empty; it needs a header line with the columns' names.",
            "bad.csv, line 1: the file is empty; it needs a header line with the columns' names."),
        new("blank lines only", U("\n\r\n\n"),
            "bad.csv, line 1: the file is empty; it needs a header line with the columns' names.",
            "bad.csv, line 1: the file is empty; it needs a header line with the columns' names."),
        new("a header and no rows", U(Header),
            "bad.csv, line 1: the file has a header and no rows.",
            "bad.csv, line 1: the file has a header and no rows."),
        new("no header", U("1,Ann,30,Female,Desktop,Top,Shopping,Night,0\n2,Bob,40,Male,Mobile,Side,News,Morning,1\n"),
            "bad.csv, line 1: the first line has none of the columns that the specification needs (id, age, gender, device_type, ad_position, browsing_history, time_of_day, click); it must be a header with their names, and it is 1, Ann, 30, Female, Desktop, Top, Shopping, Night, 0.",
            "bad.csv, line 1: the first line looks like a row of data (1, 30, 0); the file needs a header line with the columns' names, which are no numbers."),
        new("a column of another name", U(Header.Replace("gender", "sex", StringComparison.Ordinal) + Good),
            "bad.csv, line 1: the header has no column 'gender', which the specification needs; it has id, full_name, age, sex, device_type, ad_position, browsing_history, time_of_day, click.",
            null),
        new("a column that is not known", U("mood," + Header + "good,1,Ann,30,Female,Desktop,Top,Shopping,Night,1\nbad,2,Bob,40,Male,Mobile,Side,News,Morning,0\n"),
            "bad.csv, line 1: the specification does not know the column 'mood'; list it under features, personal_data or ignored_columns.",
            null),
        new("a column twice", U(Header.Replace("gender", "age", StringComparison.Ordinal) + Good),
            "bad.csv, line 1: the header has 'age' twice.",
            "bad.csv, line 1: the header has 'age' twice."),
        new("a column without a name", U("," + Header + "0,1,Ann,30,Female,Desktop,Top,Shopping,Night,1\n"),
            "bad.csv, line 1: column 1 of the header has no name; is it a row of data? (pandas names no index: write with index=False.)",
            "bad.csv, line 1: column 1 of the header has no name; is it a row of data? (pandas names no index: write with index=False.)"),
        new("rows that are too short and too long", U(Header + Good + "3,Cy,50\n4,Di,20,Female,Desktop,Top,Shopping,Night,1,x\n"),
            """
            line 4: the row has 3 fields and the header has 9; a comma inside a value needs quotes around it.
            line 5: the row has 10 fields and the header has 9; a comma inside a value needs quotes around it.
            2 of 4 …
            """,
            "bad.csv, line 4: the row has 3 fields and the header has 9; a comma inside a value needs quotes around it."),
        new("a quote that is not closed", U(Header + Good + "3,\"Cy,50,Female,Desktop,Top,Shopping,Night,1\n"),
            "bad.csv, line 4: a quote is opened and not closed.",
            "bad.csv, line 4: a quote is opened and not closed."),
        new("text after a closing quote", U(Header + Good + "3,\"Cy\n\"x,50,Female,Desktop,Top,Shopping,Night,1\n"),
            "bad.csv, line 5: text follows a closing quote; a quote inside a quoted field is written twice (\"\").",
            "bad.csv, line 5: text follows a closing quote; a quote inside a quoted field is written twice (\"\")."),
        new("Latin-1 in a row", [.. U(Header + Good + "3,Andr"), 0xE9, .. U(",30,Female,Desktop,Top,Shopping,Night,1\n")],
            "line 4: 'full_name' has bytes at character 5 that are not UTF-8; save the file as UTF-8 (one in Latin-1: iconv -f LATIN1 -t UTF-8).\n1 of 3 …",
            "bad.csv, line 4: 'full_name' has bytes at character 5 that are not UTF-8; save the file as UTF-8 (one in Latin-1: iconv -f LATIN1 -t UTF-8)."),
        new("Latin-1 in the header", [.. U("id,pr"), 0xE9, .. U("nom,age\n1,a,2\n")],
            "bad.csv, line 1: column 2 of the header has bytes at character 3 that are not UTF-8; save the file as UTF-8 (one in Latin-1: iconv -f LATIN1 -t UTF-8).",
            "bad.csv, line 1: column 2 of the header has bytes at character 3 that are not UTF-8; save the file as UTF-8 (one in Latin-1: iconv -f LATIN1 -t UTF-8)."),
        new("a NUL byte", U(Header + Good + "3,C\0y,30,Female,Desktop,Top,Shopping,Night,1\n"),
            "line 4: 'full_name' has a NUL byte at character 2; is the file UTF-16, or damaged? Save it as UTF-8.\n1 of 3 …",
            "bad.csv, line 4: 'full_name' has a NUL byte at character 2; is the file UTF-16, or damaged? Save it as UTF-8."),
        new("UTF-16 without a mark", Encoding.Unicode.GetBytes(Header + Good),
            "bad.csv, line 1: column 1 of the header has a NUL byte at character 2; is the file UTF-16, or damaged? Save it as UTF-8.",
            "bad.csv, line 1: column 1 of the header has a NUL byte at character 2; is the file UTF-16, or damaged? Save it as UTF-8."),
        new("a category of 10 MB", U(Header + Good + $"3,Cy,30,{new string('x', 10 << 20)},Desktop,Top,Shopping,Night,1\n"),
            $"line 4: 'gender': '{new string('x', 77)}...' is not one of its values: Female, Male, Non-Binary.\n1 of 3 …",
            null),
        new("an identifier of 10 MB", U(Header + Good + $"{new string('7', 10 << 20)},Cy,30,Male,Desktop,Top,Shopping,Night,1\n"),
            "line 4: 'id' is 10,485,760 characters long; the Feature Store takes 358,400.\n1 of 3 …",
            null),
        new("a record of 20 MB", U(Header + Good + $"3,{new string('x', 20 << 20)},30,Male,Desktop,Top,Shopping,Night,1\n"),
            "bad.csv, line 4: the record is longer than 16777216 characters: is a quote not closed?",
            "bad.csv, line 4: the record is longer than 16777216 characters: is a quote not closed?"),
        new("a category that is not known, with control characters", U(Header + Good + "3,Cy,30,\"Fe\u001b[31m\nmale\",Desktop,Top,Shopping,Night,1\n"),
            "line 4: 'gender': 'Fe\\u001b[31m\\u000amale' is not one of its values: Female, Male, Non-Binary.\n1 of 3 …",
            null),
        new("numbers that are none or out of range", U(Header + Good + "3,Cy,old,Male,Desktop,Top,Shopping,Night,1\n4,Di,1e999,Male,Desktop,Top,Shopping,Night,1\n5,Ed,12,Male,Desktop,Top,Shopping,Night,1\n"),
            """
            line 4: 'age': 'old' is not a number.
            line 5: 'age': 'Infinity' is outside the allowed range, 18 to 100.
            line 6: 'age': '12' is outside the allowed range, 18 to 100.
            3 of 5 …
            """,
            null),
        new("labels outside 0 and 1", U(Header + Good + "3,Cy,30,Male,Desktop,Top,Shopping,Night,2\n4,Di,30,Male,Desktop,Top,Shopping,Night,yes\n5,Ed,30,Male,Desktop,Top,Shopping,Night,\n"),
            """
            line 4: 'click': '2' is not the label's positive ('1') or negative ('0') value.
            line 5: 'click': 'yes' is not the label's positive ('1') or negative ('0') value.
            line 6: 'click': '' is not the label's positive ('1') or negative ('0') value.
            3 of 5 …
            """,
            null),
        new("no good row", U(Header + "1,Ann,old,Female,Desktop,Top,Shopping,Night,1\n"),
            "line 2: 'age': 'old' is not a number.\nNo row of bad.csv is good, so nothing was loaded. Mend the rows, or the specification.",
            "bad.csv, line 1: no column has exactly two values and one in every row, as a label must."),
        new("only constant columns beside the label", U("a,b,label\nx,y,0\nx,y,1\n"),
            "bad.csv, line 1: the first line has none of the columns that the specification needs (id, age, gender, device_type, ad_position, browsing_history, time_of_day, click); it must be a header with their names, and it is a, b, label.",
            "bad.csv, line 1: no column is left that could be a feature."),
    ];

    /// <summary>What ends a message of bad rows.</summary>
    public const string Nothing = "rows of bad.csv are bad, so nothing was loaded. Mend them, or load the others with --skip-bad-rows.";

    private static byte[] U(string text) => Encoding.UTF8.GetBytes(text);
}
