using System.Globalization;
using Slipway.Aws.Wire;
using Slipway.LocalAws.Yaml;
using YamlDotNet.Core;

namespace Slipway.LocalAws.Jobs;

/// <summary>
/// How many instances jobs may hold at once, by the names that SageMaker's quotas have
/// (https://docs.aws.amazon.com/general/latest/gr/sagemaker.html): all jobs of a kind, and those of a kind on one
/// instance type. A job holds its instances from its creation to its end. A YAML file says the account's own quotas,
/// a name and a number each; those of all jobs are 20 where it is silent, those of an instance type have no bound then.
/// </summary>
internal sealed class InstanceQuotas
{
    private const int Default = 20;
    private const string Form = "it has lines such as 'Number of instances across all training jobs: 4' or 'ml.m5.large for processing job usage: 1'";
    private readonly Dictionary<string, int> _quotas = new()
    {
        [OfAll("training")] = Default,
        [OfAll("processing")] = Default,
    };

    /// <exception cref="InvalidDataException">The file is no list of quotas; the message names the line.</exception>
    public InstanceQuotas(LocalAwsOptions options)
    {
        if (options.Quotas is not { } path)
        {
            return;
        }

        var file = new YamlFile("quotas", path);
        if (file.Read() is not { } root)
        {
            return;
        }

        foreach (var (name, (start, count)) in (root as YamlMapping ?? throw file.Wrong(root.Start, Form)).Members)
        {
            CheckName(file, start, name);
            _quotas[name] = Count(file, count);
        }
    }

    /// <summary>Refuses a job that would hold more instances than a quota leaves.</summary>
    /// <param name="kind"><c>training</c> or <c>processing</c>.</param>
    /// <param name="type">Its instance type.</param>
    /// <param name="count">Its instances.</param>
    /// <param name="held">The types and numbers of instances that the other jobs of its kind hold.</param>
    /// <exception cref="AwsException">ResourceLimitExceeded.</exception>
    public void Require(string kind, string type, int count, IReadOnlyList<(string Type, int Count)> held)
    {
        Require(OfAll(kind), count, held.Sum(h => h.Count));
        Require(OfType(type, kind), count, held.Where(h => h.Type == type).Sum(h => h.Count));
    }

    private void Require(string quota, int count, int held)
    {
        if (_quotas.TryGetValue(quota, out var most) && held + count > most)
        {
            throw AwsErrors.ResourceLimitExceeded(
                $"The account-level service limit '{quota}' is {most} Instances, with current utilization of {held} Instances and a request delta of {count} Instances. "
                + (count > most ? "Ask for fewer instances, or raise it" : "Try again when other jobs have ended, or raise it") + " in the file of `slipway up --quotas`.");
        }
    }

    private static string OfAll(string kind) => $"Number of instances across all {kind} jobs";

    private static string OfType(string type, string kind) => $"{type} for {kind} job usage";

    private void CheckName(YamlFile file, Mark start, string name)
    {
        if (!_quotas.ContainsKey(name) && name.Split(' ') is not [['m', 'l', '.', ..], "for", "training" or "processing", "job", "usage"])
        {
            throw file.Wrong(start, $"'{name}' is no quota that local AWS has; {Form}");
        }
    }

    private static int Count(YamlFile file, YamlValue value) =>
        value is YamlText { Value: var text } && int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var count)
            ? count : throw file.Wrong(value.Start, "a quota is a whole number from 0");
}
