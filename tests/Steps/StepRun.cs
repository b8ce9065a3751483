using System.Text.Json.Nodes;
using DuckDB.NET.Data;
using Microsoft.Extensions.Time.Testing;
using Slipway.Steps.StepHost;
using Slipway.Workflow.DataSets;

namespace Slipway.Tests.Steps;

/// <summary>A folder that stands for /opt/ml, and steps run in it through the worker's own front door.</summary>
internal sealed class StepRun : IDisposable
{
    private readonly StringWriter _error = new();

    public StepRun(string? specification = null)
    {
        Write("input/specification/specification.yaml", specification ?? DataSetSpecification.AdClickYaml);
    }

    public string Root { get; } = Directory.CreateTempSubdirectory("slipway-test-").FullName;

    public StringWriter Log { get; } = new();

    public Dictionary<string, string> Variables { get; } = [];

    public FakeTimeProvider Time { get; } = new(new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero));

    public string Message => File.ReadAllText(Path.Combine(Root, "output", "message"));

    public string Error => _error.ToString();

    public Task<int> RunAsync(params string[] args) =>
        Host.RunAsync(args, new StepEnvironment(Root, Variables, Log, _error, Time));

    /// <summary>Runs a step that must end well.</summary>
    public async Task<StepRun> DoneAsync(params string[] args)
    {
        Xunit.Assert.Equal((0, ""), (await RunAsync(args), Error));
        return this;
    }

    /// <summary>Runs extract on a CSV, and gives its data to the next step.</summary>
    public async Task<StepRun> ExtractAsync(string csv)
    {
        Write("input/csv/data.csv", csv);
        await DoneAsync("extract", "--source", "csv");
        Pass("data");
        return this;
    }

    /// <summary>Makes an output folder the next step's input.</summary>
    public void Pass(string folder) => Directory.Move(
        Path.Combine(Root, "processing", "output", folder), Path.Combine(Root, "processing", "input", folder));

    public void Write(string path, string text)
    {
        var full = Path.Combine(Root, "processing", path);
        Directory.CreateDirectory(Path.GetDirectoryName(full)!);
        File.WriteAllText(full, text);
    }

    public string Output(string path) => Path.Combine(Root, "processing", "output", path);

    public JsonNode Json(string path) => JsonNode.Parse(File.ReadAllText(Output(path)))!;

    /// <summary>The rows of a query in which <c>{0}</c> is a Parquet file of the output.</summary>
    public List<object?[]> Query(string sql, string path) => Sql(string.Format(sql, $"read_parquet('{Output(path)}')"));

    public static List<object?[]> Sql(string sql)
    {
        using var connection = new DuckDBConnection("DataSource=:memory:");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        using var reader = command.ExecuteReader();
        var rows = new List<object?[]>();
        while (reader.Read())
        {
            rows.Add([.. Enumerable.Range(0, reader.FieldCount).Select(i => reader.IsDBNull(i) ? null : reader.GetValue(i))]);
        }
        return rows;
    }

    public void Dispose() => Directory.Delete(Root, recursive: true);
}
