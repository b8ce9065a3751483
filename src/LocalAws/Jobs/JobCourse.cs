using Slipway.LocalAws.Containers;

namespace Slipway.LocalAws.Jobs;

/// <summary>The course of a job of either kind: its folder goes before it says how it ended, and then nothing of it is kept.</summary>
internal static class JobCourse
{
    /// <summary>Takes a job to its end.</summary>
    /// <param name="folder">The job's folder.</param>
    /// <param name="work">Runs it, uploads what it left, and gives its last change; throws where local AWS ends before that.</param>
    /// <param name="fail">Its last change where it can't be run, with the reason.</param>
    public static async Task Run(JobFolder folder, Func<Task<Action>> work, Action<string> fail)
    {
        Action end;
        try
        {
            end = await work();
            folder.Uploaded();
        }
        catch (Exception e) when (e is JobInputException or ContainerStartException)
        {
            var reason = e.Message.StartsWith("ClientError", StringComparison.Ordinal) ? e.Message : "ClientError: " + e.Message;
            end = () => fail(JobFolder.Short(reason));
        }
        catch (Exception e) when (e is not OperationCanceledException || folder.Ended is null)
        {
            // a job whose containers have ended goes on from there at the next start, and needs its folder
            folder.Remove();
            throw;
        }

        folder.Remove();
        end();
        folder.Forget();
    }
}
