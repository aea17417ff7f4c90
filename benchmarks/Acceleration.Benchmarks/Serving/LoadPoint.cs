namespace Acceleration.Benchmarks;

/// <summary>What was counted when all of the first <paramref name="Requests"/> requests had ended.</summary>
internal readonly record struct LoadPoint(int Requests, long LiveTensors, double ResidentMebi, int Completed, int Cancelled, int Failed, int Batched, double Seconds);
