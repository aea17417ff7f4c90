namespace Acceleration.Tool;

/// <summary>Reports on the computing thread, which <see cref="Progress{T}"/> does not.</summary>
internal sealed class Relay<T>(Action<T> told) : IProgress<T>
{
    public void Report(T value) => told(value);
}
