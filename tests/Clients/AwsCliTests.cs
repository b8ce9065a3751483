namespace Slipway.Tests.Clients;

/// <summary>The aws command line's first calls.</summary>
public sealed class AwsCliTests(LocalAwsFixture aws) : IClassFixture<LocalAwsFixture>
{
    private readonly AwsCli _cli = new(aws);

    [Fact]
    public async Task The_manual_asks_for_the_account()
    {
        Assert.Equal("000000000000", await _cli.Output("sts get-caller-identity --query Account --output text"));
    }

    [Fact]
    public async Task An_operation_that_local_AWS_does_not_have_is_refused_by_name()
    {
        var run = await _cli.Run("sagemaker list-domains");
        Assert.NotEqual(0, run.ExitCode);
        Assert.Contains("SageMaker.ListDomains", run.Error, StringComparison.Ordinal);
    }
}
