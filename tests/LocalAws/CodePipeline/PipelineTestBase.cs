using Slipway.Tests.Clients;

namespace Slipway.Tests.LocalAws.CodePipeline;

/// <summary>A test class with a local AWS and a lab of its own for each test.</summary>
public abstract class PipelineTestBase : IAsyncLifetime
{
    private protected LocalAwsFixture Fixture { get; }

    private protected PipelineLab Lab { get; private set; } = null!;

    private protected PipelineTestBase(TimeProvider? time = null) => Fixture = new() { Time = time ?? TimeProvider.System };

    public async ValueTask InitializeAsync()
    {
        await Fixture.InitializeAsync();
        Lab = new(Fixture);
        await Lab.Buckets();
    }

    public async ValueTask DisposeAsync()
    {
        Lab.Dispose();
        await Fixture.DisposeAsync();
        GC.SuppressFinalize(this);
    }
}
