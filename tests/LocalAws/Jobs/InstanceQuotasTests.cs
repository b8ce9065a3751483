using Slipway.Aws.Wire;
using Slipway.LocalAws.Jobs;

namespace Slipway.Tests.LocalAws.Jobs;

public sealed class InstanceQuotasTests : IDisposable
{
    private readonly string _file = Path.GetTempFileName();

    [Fact]
    public void A_kind_of_job_has_twenty_instances_where_nothing_else_is_said()
    {
        var quotas = new InstanceQuotas(new() { DataDirectory = "" });
        quotas.Require("training", "ml.m5.large", 3, [("ml.m5.large", 10), ("ml.c5.large", 7)]);
        var e = Assert.Throws<AwsException>(() => quotas.Require("processing", "ml.m5.large", 4, [("ml.m5.large", 10), ("ml.c5.large", 7)]));
        Assert.Equal("ResourceLimitExceeded", e.Code);
        Assert.Equal(
            "The account-level service limit 'Number of instances across all processing jobs' is 20 Instances, with current utilization of 17 Instances and a request delta of 4 Instances. "
            + "Try again when other jobs have ended, or raise it in the file of `slipway up --quotas`.", e.Message);
    }

    [Fact]
    public void An_instance_type_is_bounded_where_the_file_names_it()
    {
        var quotas = Quotas("Number of instances across all training jobs: 100\nml.m5.large for training job usage: 1\n");
        quotas.Require("training", "ml.c5.large", 50, [("ml.m5.large", 1)]);
        quotas.Require("processing", "ml.m5.large", 2, []);
        Assert.Throws<AwsException>(() => quotas.Require("training", "ml.m5.large", 1, [("ml.m5.large", 1)]));
    }

    [Theory]
    [InlineData("- a", "line 1, column 1: it has lines such as 'Number of instances across all training jobs: 4'")]
    [InlineData("ml.m5.large for training job usage: 1\nml.m5.large for endpoint usage: 1", "line 2, column 1: 'ml.m5.large for endpoint usage' is no quota that local AWS has")]
    [InlineData("ml.m5.large for training job usage: -1", "line 1, column 37: a quota is a whole number from 0")]
    [InlineData("ml.m5.large for training job usage: [1", "can't be read: line")]
    public void A_file_with_a_mistake_is_refused_by_its_line(string text, string expected) =>
        Assert.Contains(expected, Assert.Throws<InvalidDataException>(() => Quotas(text)).Message, StringComparison.Ordinal);

    public void Dispose() => File.Delete(_file);

    private InstanceQuotas Quotas(string text)
    {
        File.WriteAllText(_file, text);
        return new(new() { DataDirectory = "", Quotas = _file });
    }
}
