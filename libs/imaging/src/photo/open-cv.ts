// What is used of OpenCV. The types of its package are made by a program, and know neither its markers nor its errors.

interface Deletable {
  delete(): void;
}

/** A matrix in the memory of OpenCV. Its views are good until that memory grows, so they are taken anew for each use. */
export interface Mat extends Deletable {
  readonly rows: number;
  readonly cols: number;
  readonly data: Uint8Array;
  readonly data32F: Float32Array;
  readonly data64F: Float64Array;
  readonly data32S: Int32Array;
  convertTo(to: Mat, type: number, scale?: number): void;
}

export interface MatVector extends Deletable {
  size(): number;
  get(index: number): Mat;
}

export interface Size {
  readonly width: number;
  readonly height: number;
}

/** Finds square markers, each of which shows its number. */
export interface MarkerDetector extends Deletable {
  detectMarkers(picture: Mat, corners: MatVector, numbers: Mat): void;
}

/** A list in the memory of OpenCV. */
export interface Vector<T> extends Deletable {
  size(): number;
  get(index: number): T;
}

/** A feature of one picture and what is like it on another, by their numbers; the less distance the more alike. */
export interface FeatureMatch {
  readonly queryIdx: number;
  readonly trainIdx: number;
  readonly distance: number;
}

export interface FeatureFinder extends Deletable {
  detectAndCompute(picture: Mat, mask: Mat, features: Vector<object>, descriptors: Mat): void;
}

export interface FeatureMatcher extends Deletable {
  knnMatch(of: Mat, among: Mat, matches: Vector<object>, count: number): void;
}

/** Takes what is to be freed at the end of the work, and gives it back. */
export type Keep = <M extends Deletable>(mat: M) => M;

export interface OpenCv {
  readonly HEAPU8: Uint8Array;
  readonly Mat: new (rows?: number, columns?: number, type?: number) => Mat;
  readonly MatVector: new () => MatVector;
  readonly Size: new (width: number, height: number) => Size;
  readonly aruco_DetectorParameters: new () => Deletable;
  readonly aruco_RefineParameters: new (distance: number, errors: number, anyOrder: boolean) => Deletable;
  readonly aruco_ArucoDetector: new (
    markers: Deletable,
    parameters: Deletable,
    refinement: Deletable,
  ) => MarkerDetector;
  getPredefinedDictionary(name: number): Deletable;
  matFromArray(rows: number, columns: number, type: number, values: ArrayLike<number>): Mat;
  exceptionFromPtr(pointer: number): { readonly msg: string };
  GaussianBlur(from: Mat, to: Mat, kernel: Size, sigmaX: number, sigmaY: number, border: number): void;
  Sobel(
    from: Mat,
    to: Mat,
    type: number,
    dx: number,
    dy: number,
    kernel: number,
    scale: number,
    shift: number,
    border: number,
  ): void;
  Laplacian(from: Mat, to: Mat, type: number, kernel: number, scale: number, shift: number, border: number): void;
  multiply(a: Mat, b: Mat, to: Mat): void;
  magnitude(x: Mat, y: Mat, to: Mat): void;
  addWeighted(a: Mat, weightOfA: number, b: Mat, weightOfB: number, shift: number, to: Mat): void;
  bitwise_not(from: Mat, to: Mat): void;
  split(from: Mat, to: MatVector): void;
  cvtColor(from: Mat, to: Mat, how: number): void;
  resize(from: Mat, to: Mat, size: Size, scaleX: number, scaleY: number, how: number): void;
  getStructuringElement(shape: number, size: Size): Mat;
  morphologyEx(from: Mat, to: Mat, how: number, element: Mat): void;
  distanceTransform(from: Mat, to: Mat, distance: number, mask: number): void;
  connectedComponentsWithStats(from: Mat, labels: Mat, stats: Mat, middles: Mat, ways: number, type: number): number;
  findContours(from: Mat, contours: MatVector, hierarchy: Mat, mode: number, method: number): void;
  approxPolyDP(from: Mat, to: Mat, distance: number, isClosed: boolean): void;
  minAreaRect(points: Mat): { readonly center: { x: number; y: number }; readonly size: Size; readonly angle: number };
  readonly AKAZE: new () => FeatureFinder & { setThreshold(threshold: number): void };
  readonly ORB: new (corners: number) => FeatureFinder;
  readonly BFMatcher: new (distance: number, crossCheck: boolean) => FeatureMatcher;
  readonly KeyPointVector: new () => Vector<{ readonly pt: { readonly x: number; readonly y: number } }>;
  readonly DMatchVectorVector: new () => Vector<Vector<FeatureMatch> & Deletable>;
  findHomography(
    from: Mat,
    to: Mat,
    method: number,
    within: number,
    agreed: Mat,
    rounds: number,
    confidence: number,
  ): Mat;
  HoughLinesP(
    from: Mat,
    lines: Mat,
    distance: number,
    angle: number,
    votes: number,
    leastLength: number,
    mostGap: number,
  ): void;
  erode(from: Mat, to: Mat, element: Mat): void;
  getPerspectiveTransform(from: Mat, to: Mat): Mat;
  warpPerspective(
    from: Mat,
    to: Mat,
    transform: Mat,
    size: Size,
    how: number,
    border?: number,
    ground?: readonly number[],
  ): void;
  readonly CV_8UC1: number;
  readonly CV_8UC3: number;
  readonly CV_32F: number;
  readonly CV_32FC1: number;
  readonly CV_32FC2: number;
  readonly CV_64FC1: number;
  readonly CV_32S: number;
  readonly BORDER_CONSTANT: number;
  readonly BORDER_REFLECT: number;
  readonly COLOR_RGB2GRAY: number;
  readonly INTER_AREA: number;
  readonly INTER_LINEAR: number;
  readonly MORPH_ELLIPSE: number;
  readonly MORPH_OPEN: number;
  readonly DIST_L2: number;
  readonly RETR_EXTERNAL: number;
  readonly CHAIN_APPROX_NONE: number;
  readonly NORM_HAMMING: number;
  readonly RANSAC: number;
  readonly DICT_4X4_50: number;
}
