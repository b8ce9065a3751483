using System.Runtime.InteropServices;
using Slipway.Workflow;

namespace Slipway.Steps.StepHost;

/// <summary><c>slipway-worker VERB [--argument value …]</c>: finds the verb's step and runs it.</summary>
public static class Host
{
    /// <summary>Runs a verb.</summary>
    /// <returns>0 done, 1 failed (the reason is in the failure file and on standard error), 2 wrong command line.</returns>
    public static async Task<int> RunAsync(IReadOnlyList<string> args, StepEnvironment environment)
    {
        var step = args.Count == 0 ? null : Steps().FirstOrDefault(step => step.Verb == args[0]);
        if (step is null)
        {
            environment.Error.WriteLine(args.Count == 0 ? "Which step?" : $"There is no step '{args[0]}'.");
            foreach (var known in Steps())
            {
                environment.Error.WriteLine($"  slipway-worker {known.Verb,-12} {known.Summary}");
            }
            return 2;
        }
        return Parse(step, args, environment) is { } arguments
            ? await RunAsync(step, new StepContext(environment, arguments)) : 2;
    }

    private static async Task<int> RunAsync(IStep step, StepContext context)
    {
        using var stop = new CancellationTokenSource();
        // SageMaker stops a job with SIGTERM and kills it 120 seconds later.
        using var signal = PosixSignalRegistration.Create(PosixSignal.SIGTERM, signal =>
        {
            signal.Cancel = true;
            stop.Cancel();
        });
        try
        {
            await step.RunAsync(context, stop.Token);
            return 0;
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            return Fail(step, context, "The job was stopped.");
        }
        catch (Exception e) when (e is StepFailedException or WorkflowException)
        {
            return Fail(step, context, e.Message);
        }
        // The job's failure reason must say what happened whatever it was; the process ends right after.
        catch (Exception e)
        {
            return Fail(step, context, $"{e.GetType().Name}: {e.Message}");
        }
    }

    private static int Fail(IStep step, StepContext context, string reason)
    {
        context.Environment.Error.WriteLine($"{step.Verb} failed: {reason}");
        var file = Path.Combine(context.Root, step.FailureFile);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllText(file, reason);
        return 1;
    }

    private static Dictionary<string, string>? Parse(IStep step, IReadOnlyList<string> args, StepEnvironment environment)
    {
        var arguments = new Dictionary<string, string>(StringComparer.Ordinal);
        for (var i = 1; i < args.Count; i += 2)
        {
            if (!step.Arguments.Contains(args[i], StringComparer.Ordinal))
            {
                environment.Error.WriteLine($"'{args[i]}' is not an argument of {step.Verb}. {step.Summary}");
                return null;
            }
            if (i + 1 == args.Count)
            {
                environment.Error.WriteLine($"'{args[i]}' needs a value.");
                return null;
            }
            arguments[args[i]] = args[i + 1];
        }
        return arguments;
    }

    private static IEnumerable<IStep> Steps() => typeof(Host).Assembly.GetTypes()
        .Where(type => type is { IsAbstract: false, IsInterface: false } && type.IsAssignableTo(typeof(IStep)))
        .Select(type => (IStep)Activator.CreateInstance(type)!)
        .OrderBy(step => step.Verb, StringComparer.Ordinal);
}
