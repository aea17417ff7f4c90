namespace Acceleration.Onnx;

/// <summary>A model that cannot be loaded or run: the file, what is wrong with it, and what would be right.</summary>
public sealed class OnnxException : IOException
{
    private const int LongestReason = 3000;

    /// <summary>Creates the exception for a file.</summary>
    /// <param name="file">Path of the model, or of what belongs to it.</param>
    /// <param name="reason">What is wrong and what would be right.</param>
    /// <param name="inner">The error underneath, if any.</param>
    public OnnxException(string file, string reason, Exception? inner = null)
        : base($"ONNX model '{file}': {(reason.Length <= LongestReason ? reason : string.Concat(reason.AsSpan(0, LongestReason), "..."))}", inner) => File = file;

    /// <summary>Path of the model.</summary>
    public string File { get; }
}
