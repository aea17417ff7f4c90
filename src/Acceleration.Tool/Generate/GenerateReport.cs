namespace Acceleration.Tool;

/// <summary>What <c>generate</c> did: <c>generate.json</c>, and standard output with <c>--json</c>.</summary>
internal sealed record GenerateReport : IRunReport
{
    public const string FileName = "generate.json";

    public int Schema { get; init; } = 1;

    /// <summary>12 hexadecimal digits over all that decides which pictures are made: network, sampler, labels, seeds, batches, number format.</summary>
    public required string Request { get; init; }

    public required string Model { get; init; }

    public required string Network { get; init; }

    /// <summary>Solver, steps, guidance and strategies as a tag.</summary>
    public required string Sampler { get; init; }

    public required int Steps { get; init; }

    public required string DType { get; init; }

    public required int Threads { get; init; }

    /// <summary>Whether all pictures that were asked for are there.</summary>
    public required bool Complete { get; init; }

    /// <summary>Pictures asked for.</summary>
    public required int Asked { get; init; }

    /// <summary>Seconds of sampling.</summary>
    public required double Seconds { get; init; }

    /// <summary>Network evaluations per picture.</summary>
    public required double Evaluations { get; init; }

    /// <summary>Network evaluations per picture without strategies.</summary>
    public required double FullEvaluations { get; init; }

    /// <summary>Multiply-adds executed, for all pictures.</summary>
    public required double MultiplyAdds { get; init; }

    /// <summary>Multiply-adds without strategies.</summary>
    public required double FullMultiplyAdds { get; init; }

    /// <summary>Multiply-adds without strategies over those executed; null where nothing was executed.</summary>
    public required double? ArithmeticSpeedup { get; init; }

    /// <summary>Strategies that decided, and never skipped anything, with the reasons they gave.</summary>
    public required IReadOnlyList<string> Notes { get; init; }

    public required string Folder { get; init; }

    public required IReadOnlyList<GeneratedPicture> Pictures { get; init; }

    public required IReadOnlyList<string> Previews { get; init; }

    IEnumerable<string> IRunReport.Files => Pictures.Select(p => p.File);

    string IRunReport.Told => $"{Sampler}, {DType}, {Pictures?.Count} of {Asked} pictures";
}
