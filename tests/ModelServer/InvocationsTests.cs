using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Slipway.Steps.Rows;
using Slipway.Tests.Steps;

namespace Slipway.Tests.ModelServer;

public sealed class InvocationsTests(ServedModel served) : IClassFixture<ServedModel>
{
    private const string Inputs = "age, gender, device_type, ad_position, browsing_history, time_of_day, age_known, gender_known";

    private double Expected => served.Model.Forest.Predict([25, 1, 0, 1, 0, 0, 1, 1]);

    [Fact]
    public async Task Ping_answers_200() => Assert.Equal(HttpStatusCode.OK, (await served.Http.GetAsync(new Uri("/ping", UriKind.Relative))).StatusCode);

    [Theory]
    [InlineData("text/csv", "25,1,0,1,0,0,1,1")]
    [InlineData("text/csv; charset=utf-8", "25.0,1,0,1,,NaN,1,1\r\n")]
    [InlineData("TEXT/CSV", "\n\n 25,1,0,1,0,0,1,1\n\n")]
    [InlineData("text/csv", "\"25\",1,0,1,0,0,1,1")]
    [InlineData("text/csv", "age,gender,ad_position\n25,Female,Bottom\n")]
    [InlineData("text/csv", "\uFEFFad_position,full_name,click,gender,age\r\nBottom,\"O\"\"Hara, Jo\nsecond line\",0,Female,25")]
    [InlineData("text/csv", "age_known,gender_known,age,gender,device_type,ad_position,browsing_history,time_of_day\n1,1,25,1,0,1,0,0")]
    [InlineData("application/json", """{"age": 25, "gender": "Female", "ad_position": "Bottom", "device_type": null, "id": 7}""")]
    [InlineData("application/json", """[{"age": "25", "gender": "Female", "ad_position": "Bottom"}]""")]
    [InlineData("application/json", """{"instances": [{"age": 25.0, "gender": "Female", "ad_position": "Bottom"}]}""")]
    [InlineData("application/json", "[25,1,0,1,0,0,1,1]")]
    [InlineData("application/json", "[[25,1,0,1,null,0,1,1]]")]
    [InlineData("application/json; charset=\"UTF-8\"", """{"instances": [[25,1,0,1,0,0,1,1]]}""")]
    [InlineData("application/jsonlines", "\n{\"age\": 25, \"gender\": \"Female\", \"ad_position\": \"Bottom\"}\r\n\r\n")]
    [InlineData("application/jsonlines", "[25,1,0,1,0,0,1,1]")]
    public async Task Every_form_of_a_row_gives_the_same_probability(string contentType, string body)
    {
        var answer = await served.Invoke(contentType, body, "text/csv");

        Assert.Equal((200, "text/csv", Expected.ToString("R", CultureInfo.InvariantCulture) + "\n"), answer);
    }

    [Theory]
    [InlineData("text/csv", null, "text/csv")]
    [InlineData("text/csv", "*/*", "text/csv")]
    [InlineData("text/csv", "application/json", "application/json")]
    [InlineData("text/csv", "application/xml, application/jsonlines;q=0.5, text/csv;q=0.1", "application/jsonlines")]
    [InlineData("text/csv", "application/*", "application/json")]
    [InlineData("text/csv", "application/json;q=0, */*;q=0.1", "text/csv")]
    [InlineData("application/json", "text/*;q=0.2", "text/csv")]
    [InlineData("application/jsonlines", "application/*", "application/jsonlines")]
    public async Task Accept_decides_the_form_of_the_answer(string contentType, string? accept, string expected)
    {
        var body = contentType == "text/csv" ? "25,1,0,1,0,0,1,1" : "[25,1,0,1,0,0,1,1]";

        var answer = await served.Invoke(contentType, body, accept);

        Assert.Equal((200, expected), (answer.Status, answer.Type));
    }

    [Fact]
    public async Task JSON_answers_carry_score_and_label_a_row()
    {
        var answer = await served.Invoke("text/csv", "25,1,0,1,0,0,1,1\n,0,0,1,0,0,0,0", "application/json");
        var lines = await served.Invoke("text/csv", "25,1,0,1,0,0,1,1\n,0,0,1,0,0,0,0", "application/jsonlines");

        var predictions = JsonNode.Parse(answer.Text)!["predictions"]!.AsArray();
        Assert.Equal(Expected, (double)predictions[0]!["score"]!);
        Assert.All(predictions, row => Assert.Equal((double)row!["score"]! >= served.Model.Training.Cut ? 1 : 0, (int)row["predicted_label"]!));
        Assert.Equal(predictions.Select(row => row!.ToJsonString()), lines.Text.TrimEnd().Split('\n').Select(line => JsonNode.Parse(line)!.ToJsonString()));
    }

    [Theory]
    [InlineData("", "The body is empty; send at least one row.")]
    [InlineData("\r\n\n", "The body is empty; send at least one row.")]
    [InlineData("25,1,0,1,0,0,1,1\n25,1,0,1,0,0,1", "Row 2: The row has 7 values, and the model takes 8: " + Inputs + ".")]
    [InlineData("25,1,0,1,0,0,1,1,9", "Row 1: The row has 9 values, and the model takes 8: " + Inputs + ".")]
    [InlineData("25,1,x,1,0,0,1,1", "Row 1: 'device_type': 'x' is not a number.")]
    [InlineData("25,Female,0,1,0,0,1,1", "Row 1: 'gender': 'Female' is not a number.")]
    [InlineData("25,4,0,1,0,0,1,1", "Row 1: 'gender': '4' is not a code: 0 is unknown, 1 Female, 2 Male, 3 Non-Binary.")]
    [InlineData("age,gender\n25,Female\n30,female", "Row 2 (line 3): 'gender': 'female' is not one of its values: Female, Male, Non-Binary.")]
    [InlineData("age,full_name\n25,\"a\nb\"\nold,x", "Row 2 (line 4): 'age': 'old' is not a number.")]
    [InlineData("age,sex\n25,Female", "Header: 'sex' is not a column of the data set ad-click; its features are age, gender, device_type, ad_position, browsing_history, time_of_day.")]
    [InlineData("age,age\n25,25", "The header names 'age' twice.")]
    [InlineData("id,click\n1,0", "The header names no feature; there are age, gender, device_type, ad_position, browsing_history, time_of_day.")]
    [InlineData("age,age_known\n25,1", "The header names the model's inputs, but not gender, device_type, ad_position, browsing_history, time_of_day, gender_known.")]
    [InlineData("age,age_known,sex\n25,1,1", "Header: 'sex' is not an input of the model; they are " + Inputs + ".")]
    [InlineData("age,gender\n25", "Row 1 (line 2): The row has 1 values, and the header names 2 columns.")]
    [InlineData("age,gender\n25,Male,9", "Row 1 (line 2): The row has 3 values, and the header names 2 columns.")]
    [InlineData("age,gender", "The body has a header and no rows.")]
    [InlineData("age,gender\n25,\"Male", "Line 2: a quoted value has no closing quote.")]
    [InlineData("age,gender\n25,\"Male\"x", "Line 2: after a closing quote there must be a comma or the line's end.")]
    [InlineData("25,1,0,1,0,0,0,1", "Row 1: 'age_known': '0' does not agree with 'age', which is 25.")]
    public async Task A_bad_CSV_body_is_refused_with_its_place(string body, string error) => await Refused(400, error, "text/csv", body);

    [Theory]
    [InlineData("[]", "The body must be an object, an array that is not empty, or {\"instances\": […]} with at least one row.")]
    [InlineData("7", "The body must be an object, an array that is not empty, or {\"instances\": […]} with at least one row.")]
    [InlineData("{\"instances\": []}", "The body must be an object, an array that is not empty, or {\"instances\": […]} with at least one row.")]
    [InlineData("{\"instances\": {}}", "'instances' must be an array of rows, and the only member.")]
    [InlineData("[{\"age\": 25}, {\"age\": true}]", "Row 2: 'age': 'true' must be a text, a number or null.")]
    [InlineData("[{\"age\": 25}, 3]", "Row 2: The row: '3' must be an object of raw values by name, or an array of the model's inputs.")]
    [InlineData("{\"colour\": 1}", "Row 1: 'colour' is not a column of the data set ad-click; its features are age, gender, device_type, ad_position, browsing_history, time_of_day.")]
    [InlineData("{\"gender\": \"\\ud800\"}", "Row 1: a text is not valid Unicode.")]
    [InlineData("[25,\"1\",0,1,0,0,1,1]", "Row 1: 'gender': '\"1\"' must be a number or null.")]
    [InlineData("[1e400,1,0,1,0,0,1,1]", "Row 1: 'age': 'Infinity' is outside the allowed range, 18 to 100.")]
    [InlineData("[25,1]", "Row 1: The row has 2 values, and the model takes 8: " + Inputs + ".")]
    public async Task A_bad_JSON_body_is_refused_with_its_place(string body, string error) => await Refused(400, error, "application/json", body);

    [Theory]
    [InlineData("application/json", "{\"age\": 25", "The body is not JSON: ")]
    [InlineData("application/json", "{\"age\": 25, \"age\": 26}", "The body is not JSON: ")]
    [InlineData("application/json", "[[[[[[[[[[1]]]]]]]]]]", "The body is not JSON: ")]
    [InlineData("application/jsonlines", "{\"age\": 25}\n{\"age\": }", "Line 2 is not JSON: ")]
    [InlineData("application/jsonlines", "{\"age\": 25}\n\n{\"age\": 5}", "Row 2 (line 3): 'age': '5' is outside")]
    [InlineData("application/jsonlines", " \n", "The body is empty")]
    public async Task Text_that_is_not_JSON_is_refused_with_its_place(string contentType, string body, string begin)
    {
        var answer = await served.Invoke(contentType, body);

        Assert.Equal((400, "application/json"), (answer.Status, answer.Type));
        Assert.StartsWith(begin, (string)JsonNode.Parse(answer.Text)!["error"]!, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Bytes_that_are_no_UTF8_are_refused()
    {
        var answer = await served.Invoke("text/csv", [.. "gender\nF"u8, 0xE9, .. "male"u8]);

        Assert.Equal((400, "{\"error\":\"The body is not UTF-8: byte 9 begins no character.\"}"), (answer.Status, answer.Text));
    }

    [Fact]
    public async Task Unsupported_media_types_are_told_apart_from_bad_rows()
    {
        const string Supported = "text/csv, application/json or application/jsonlines";
        await Refused(415, $"The request has no Content-Type; send {Supported}.", null, "25,1,0,1,0,0,1,1");
        await Refused(415, $"The Content-Type 'application/x-parquet' is not supported; send {Supported}.", "application/x-parquet", "x");
        await Refused(415, "The charset 'latin1' is not supported; send UTF-8.", "text/csv; charset=latin1", "25,1,0,1,0,0,1,1");
        await Refused(406, $"The Accept 'application/x-npy' is not supported; ask for {Supported}.", "text/csv", "25,1,0,1,0,0,1,1", "application/x-npy");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_body_over_6_MB_is_refused_and_one_of_6_MB_is_not(bool chunked)
    {
        var body = "25,1,0,1,0,0,1,1".PadRight(6 * 1024 * 1024, '\n');
        foreach (var (text, status) in new[] { (body, HttpStatusCode.OK), (body + "\n", HttpStatusCode.RequestEntityTooLarge) })
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, "/invocations") { Content = new StringContent(text, Encoding.UTF8, "text/csv") };
            request.Headers.TransferEncodingChunked = chunked;
            using var response = await served.Http.SendAsync(request);
            Assert.Equal(status, response.StatusCode);
        }
    }

    [Theory]
    [InlineData("GET", "/invocations", 405)]
    [InlineData("POST", "/ping", 405)]
    [InlineData("GET", "/", 404)]
    public async Task Another_method_or_path_is_refused(string method, string path, int status)
    {
        using var response = await served.Http.SendAsync(new HttpRequestMessage(new HttpMethod(method), path));

        Assert.Equal(status, (int)response.StatusCode);
    }

    [Fact]
    public async Task What_is_served_for_raw_rows_is_what_the_batch_gives_for_encoded_ones()
    {
        var run = served.Training.Run;
        var columns = string.Join(", ", served.Model.Encoder.Features.Select(feature => feature.Column));
        var raw = StepRun.Sql($"""
            SELECT {columns} FROM read_parquet('{run.Root}/processing/input/data/data.parquet') d
            JOIN (SELECT __row, row_number() OVER () AS n FROM read_parquet('{served.Training.Channel("train")}/train.parquet')) t ON t.__row = d.record_id ORDER BY n
            """);
        var batch = served.Model.Forest.PredictRows(new EncodedFiles([served.Training.Channel("train")], served.Model.Encoder.InputNames).Read().Inputs);
        var csv = new StringBuilder(columns.Replace(" ", "", StringComparison.Ordinal));
        var lines = new StringBuilder();
        foreach (var row in raw)
        {
            csv.Append('\n').AppendJoin(',', row);
            lines.AppendLine(JsonSerializer.Serialize(served.Model.Encoder.Features.Select((f, i) => (f.Column, Value: row[i])).ToDictionary(v => v.Column, v => v.Value)));
        }

        var fromCsv = await served.Invoke("text/csv", csv.ToString());
        var fromJson = await served.Invoke("application/jsonlines", lines.ToString(), "text/csv");

        Assert.Equal(batch.Length, raw.Count);
        Assert.Equal(batch, fromCsv.Text.TrimEnd().Split('\n').Select(double.Parse));
        Assert.Equal(fromCsv.Text, fromJson.Text);
    }

    [Fact]
    public async Task Sixteen_clients_at_once_each_get_their_own_answers()
    {
        await Parallel.ForEachAsync(Enumerable.Range(0, 16), async (client, _) =>
        {
            for (var i = 0; i < 50; i++)
            {
                var age = 18 + ((client * 50) + i) % 60;
                var answer = await served.Invoke("text/csv", $"{age},1,0,1,0,0,1,1");
                Assert.Equal(served.Model.Forest.Predict([age, 1, 0, 1, 0, 0, 1, 1]), double.Parse(answer.Text));
            }
        });
    }

    private async Task Refused(int status, string error, string? contentType, string body, string? accept = null)
    {
        var answer = await served.Invoke(contentType, body, accept);

        Assert.Equal((status, "application/json", error), (answer.Status, answer.Type, (string)JsonNode.Parse(answer.Text)!["error"]!));
        Assert.Equal("", served.Errors.ToString());
    }
}
