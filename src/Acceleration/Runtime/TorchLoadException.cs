namespace Acceleration;

/// <summary>TorchSharp's native library does not load; the message says why and what helps, where TorchSharp says of every failure that a package is missing.</summary>
public sealed class TorchLoadException : DllNotFoundException
{
    /// <summary>Finds the reason and its remedy.</summary>
    /// <param name="loader">What the system's loader said, or what else was thrown.</param>
    public TorchLoadException(Exception loader)
        : this(TorchFault.Of(loader), loader)
    {
    }

    private TorchLoadException(TorchFault fault, Exception loader)
        : base($"TorchSharp's native library {fault.Cause}. Remedy: {fault.Remedy}.", loader) => (Cause, Remedy) = (fault.Cause, fault.Remedy);

    /// <summary>Why, as a continuation of the library's name: <c>does not load: ...</c></summary>
    public string Cause { get; }

    /// <summary>What to do, a command where one does it.</summary>
    public string Remedy { get; }
}
