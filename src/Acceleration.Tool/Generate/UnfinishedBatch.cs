namespace Acceleration.Tool;

/// <summary>The batch that is being sampled, kept on disk after every step.</summary>
/// <param name="folder">The folder that results go to.</param>
/// <param name="first">Index of its first picture.</param>
internal sealed class UnfinishedBatch(string folder, int first)
{
    private const string Pattern = "unfinished-*.safetensors";
    private readonly string _path = Path.Combine(folder, Pattern.Replace("*", $"{first:000}", StringComparison.Ordinal));

    /// <summary>The session that was left behind, or a new one.</summary>
    public SamplingSession Begin(Sampler sampler, SamplingRequest request) =>
        File.Exists(_path) ? SamplingSession.Load(sampler, _path) : sampler.Start(request);

    public void Keep(SamplingSession session) => session.Save(_path);

    /// <summary>Removes it, once the pictures and the report that names them are written.</summary>
    public void Forget() => Clear(folder, null);

    /// <summary>Removes what a run left that was killed after its pictures were written, or whatever lies there when all begins anew.</summary>
    /// <param name="folder">The folder that results go to.</param>
    /// <param name="except">Index of the first picture of the batch that is still wanted; null for none.</param>
    public static void Clear(string folder, int? except)
    {
        var kept = except is { } first ? new UnfinishedBatch(folder, first)._path : null;
        foreach (var file in Directory.EnumerateFiles(folder, Pattern + "*").Where(f => f != kept))
        {
            File.Delete(file);
        }
    }
}
