using System.Reflection;
using Slipway.Aws.Wire;
using Slipway.LocalAws;
using Slipway.LocalAws.S3.Requests;
using Slipway.LocalAws.Wire;

namespace Slipway.Tests.LocalAws.Wire;

/// <summary>docs/local-aws.md names the operations that there are, and no other.</summary>
public sealed class DocumentationTests
{
    private static readonly string[] Page = File.ReadAllLines(Path.Combine(Repository.Root, "docs", "local-aws.md"));

    public static TheoryData<string> Services => ["S3", .. AwsService.All.Select(s => s.Name)];

    [Theory]
    [MemberData(nameof(Services))]
    public void The_page_names_each_operation_of_a_service_and_no_other(string service)
    {
        var row = Page.SingleOrDefault(l => l.StartsWith($"| {service} |", StringComparison.Ordinal));
        var expected = $"| {service} | {string.Join(", ", OperationsOf(service).Order(StringComparer.Ordinal))} |";
        Assert.True(expected == row, $"The row of docs/local-aws.md should be:\n{expected}");
    }

    private static IEnumerable<string> OperationsOf(string service) => service switch
    {
        "S3" => Parts.Types.SelectMany(t => t.GetMethods()).Where(m => m.GetCustomAttribute<S3OperationAttribute>() is not null).Select(m => m.Name).Distinct(),
        // InvokeEndpoint passes bytes through and has no handler of its record
        "SageMakerRuntime" => ["InvokeEndpoint"],
        _ => Operations.Of(AwsService.All.Single(s => s.Name == service)).Select(o => o.Request.Name),
    };
}
