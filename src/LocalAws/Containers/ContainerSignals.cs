using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;

namespace Slipway.LocalAws.Containers;

/// <summary>How the processes of a container are reached.</summary>
internal interface IContainerSignals
{
    /// <summary>Asks all of them to end.</summary>
    void Terminate(Process process);

    /// <summary>Ends all of them; harmless where they have ended.</summary>
    void Kill(Process process);
}

/// <summary>Processes in a sandbox: bubblewrap itself, then the first process of the namespace, whose session the command and all its children are in.</summary>
internal sealed class SandboxSignals : IContainerSignals
{
    public void Terminate(Process process)
    {
        if (process.HasExited)
        {
            return;
        }

        // before the command has been started there is nothing that could end by itself
        if (Child(process.Id) is not { } init || Child(init) is null)
        {
            Kill(process);
            return;
        }

        Unix.Signal(-init, Unix.SigTerm);
    }

    public void Kill(Process process)
    {
        if (process.HasExited)
        {
            return;
        }

        // every process of the namespace dies with its first; that one asks to die with bubblewrap only some way into its
        // own start, so it has to be found, and a bubblewrap that is stopped can't start it after we have looked
        Unix.Signal(process.Id, Unix.SigStop);
        if (Child(process.Id) is { } init)
        {
            Unix.Signal(init, Unix.SigKill);
        }

        Unix.Signal(process.Id, Unix.SigKill);
    }

    private static int? Child(int pid)
    {
        try
        {
            return File.ReadAllText($"/proc/{pid}/task/{pid}/children").Split(' ')[0] is { Length: > 0 } child ? int.Parse(child, CultureInfo.InvariantCulture) : null;
        }
        catch (IOException)
        {
            return null; // the process has ended meanwhile
        }
    }
}

/// <summary>Processes that are a group of their own, led by the one that was started.</summary>
internal sealed class GroupSignals : IContainerSignals
{
    public void Terminate(Process process)
    {
        if (!process.HasExited)
        {
            Signal(process, Unix.SigTerm);
        }
    }

    public void Kill(Process process) => Signal(process, Unix.SigKill);

    private static void Signal(Process process, int signal)
    {
        // in its first moment the process is not yet the leader of a group
        if (!Unix.Signal(-process.Id, signal) && !process.HasExited)
        {
            Unix.Signal(process.Id, signal);
        }
    }
}

/// <summary>A process and its children, on systems without process groups that we can make.</summary>
internal sealed class TreeSignals : IContainerSignals
{
    public void Terminate(Process process)
    {
        if (OperatingSystem.IsWindows())
        {
            Kill(process); // there is no signal to ask with
        }
        else if (!process.HasExited)
        {
            Unix.Signal(process.Id, Unix.SigTerm);
        }
    }

    public void Kill(Process process)
    {
        if (!process.HasExited)
        {
            process.Kill(entireProcessTree: true);
        }
    }
}

/// <summary>A container of Docker's.</summary>
internal sealed class DockerSignals(ContainerSpec spec) : IContainerSignals
{
    public void Terminate(Process process)
    {
        if (!process.HasExited)
        {
            Docker.Signal(spec, "TERM");
        }
    }

    public void Kill(Process process)
    {
        if (!process.HasExited)
        {
            Docker.Signal(spec, "KILL");
        }
    }
}

internal static partial class Unix
{
    public const int SigKill = 9;
    public const int SigTerm = 15;
    public const int SigStop = 19;
    private const int NoSuchProcess = 3;

    /// <summary>Sends a signal to a process, or to a group by its negative id; false where it has ended.</summary>
    /// <exception cref="Win32Exception">The system refused.</exception>
    public static bool Signal(int pid, int signal)
    {
        if (Send(pid, signal) == 0)
        {
            return true;
        }

        var error = Marshal.GetLastPInvokeError();
        return error == NoSuchProcess ? false : throw new Win32Exception(error, $"can't signal process {pid}");
    }

    /// <summary>Whether a path is a regular file, and no link to one; true too where the system does not tell.</summary>
    public static bool IsFile(string path)
    {
        // statx(2), whose structure is the same on every processor
        const int currentFolder = -100, noFollow = 0x100, size = 256, modeAt = 28;
        const uint type = 1;
        const int typeBits = 0xF000, regular = 0x8000;
        Span<byte> found = stackalloc byte[size];
        return Status(currentFolder, path, noFollow, type, ref MemoryMarshal.GetReference(found)) != 0 || (BitConverter.ToUInt16(found[modeAt..]) & typeBits) == regular;
    }

    [LibraryImport("libc", EntryPoint = "statx", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Status(int folder, string path, int flags, uint mask, ref byte found);

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static partial int Send(int pid, int signal);
}
