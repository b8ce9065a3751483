using Slipway.Workflow;

namespace Slipway.Tests.Workflow;

/// <summary>The settings in cdk.json's context.</summary>
public sealed class CdkContextTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("slipway-context-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("""{"context":{"use_sm_pipeline":true}}""", true)]
    [InlineData("""{"app":"dotnet app.dll","context":{"use_sm_pipeline":"true","other":1}}""", true)]
    [InlineData("""{"context":{"use_sm_pipeline":false}}""", false)]
    [InlineData("""{"context":{}}""", false)]
    [InlineData("""{}""", false)]
    [InlineData(null, false)]
    public async Task Training_is_a_SageMaker_Pipeline_where_the_context_says_so(string? content, bool expected)
    {
        if (content is not null)
        {
            await File.WriteAllTextAsync(Path.Combine(_folder, "cdk.json"), content);
        }

        Assert.Equal(expected, CdkContext.Load(_folder).UseSmPipeline);
    }

    [Theory]
    [InlineData("{\n  \"context\": {,}\n}", "line 2, column 15")]
    [InlineData("""{"context":{"use_sm_pipeline":"perhaps"}}""", "context.use_sm_pipeline must be true or false; it is 'perhaps'")]
    public async Task A_mistake_is_told_with_its_place(string content, string why)
    {
        await File.WriteAllTextAsync(Path.Combine(_folder, "cdk.json"), content);
        var error = Assert.Throws<BadInputException>(() => CdkContext.Load(_folder));
        Assert.Contains(why, error.Message, StringComparison.Ordinal);
        Assert.Contains("cdk.json", error.Message, StringComparison.Ordinal);
    }
}
